import { describe, expect, it } from 'vitest';
import { parseSelector } from './selector.ts';

describe('a selector', () => {
  const labels = { status: '503', job: 'api', path: '/a"b' };

  it.each([
    ['http_requests_total', true],
    ['  http_requests_total {} ', true],
    ['http_requests_total{status="503"}', true],
    ['http_requests_total{status="50"}', false],
    ['http_requests_total{status=~"5.."}', true],
    ['http_requests_total{status=~"5."}', false],
    ['http_requests_total{status!~"2..|3.."}', true],
    ['http_requests_total{status!="503"}', false],
    ['http_requests_total{missing=""}', true],
    ['http_requests_total{missing!=""}', false],
    ['http_requests_total{missing!~".+"}', true],
    ["http_requests_total{ job = 'api' , status =~ `5\\d+` , }", true],
    ['http_requests_total{path="/a\\"b"}', true],
    ['http_requests_total{job=~"(?i)API"}', true],
  ])('%s', (text, expected) => {
    const selector = parseSelector(text);
    expect(selector.name).toBe('http_requests_total');
    expect(selector.matches(labels)).toBe(expected);
  });

  it.each([
    ['rate(x[5m])', 'is a function'],
    ['sum by (a) (x)', 'after the name'],
    ['sum(x)', 'is a function'],
    ['', 'must start with the name'],
    ['{__name__="x"}', 'must start with the name'],
    ['x[5m]', 'after the name'],
    ['x{a="b"} offset 5m', 'after the labels'],
    ['x{a="b"', 'cannot be read at'],
    ['x{a=b}', 'cannot be read at'],
    ['x{a="b" c="d"}', 'cannot be read at'],
    ['x{a=~"("}', 'pattern that cannot be read'],
    ['x{a=~"(?=y)"}', 'pattern that cannot be read'],
    [`x{a=~"${'y'.repeat(501)}"}`, 'longer than 500'],
    [`x{${'a="b",'.repeat(31)}}`, 'more than 30'],
  ])('refuses %s', (text, words) => {
    expect(() => parseSelector(text)).toThrow(words);
  });

  it('matches patterns that would hang a backtracking engine', () => {
    const selector = parseSelector('x{a=~"(a+)+b"}');
    expect(selector.matches({ a: 'a'.repeat(20_000) })).toBe(false);
  });
});
