import { describe, expect, it } from 'vitest';
import { parseExposition } from './exposition.ts';

const all = () => true;

describe('a metrics page', () => {
  it('is read in the text format: types, labels, escapes, timestamps and unusual numbers', () => {
    const page = parseExposition(
      [
        '# HELP http_requests_total Requests, with a # in the help',
        '# TYPE http_requests_total counter',
        'http_requests_total{method="get",path="/a b"} 1027 1395066363000',
        'http_requests_total{ method="post" , path="C:\\\\DIR\\\\\\"x\\"\\n} 9", } 3e2',
        'http_requests_total{path="has # inside"} 4',
        '',
        '# some words',
        'up 1\r',
        'odd{a="}"}+Inf',
        'nothing NaN',
      ].join('\n'),
      all,
      false,
    );
    expect(page.samples).toEqual([
      { name: 'http_requests_total', labels: { method: 'get', path: '/a b' }, value: 1027 },
      { name: 'http_requests_total', labels: { method: 'post', path: 'C:\\DIR\\"x"\n} 9' }, value: 300 },
      { name: 'http_requests_total', labels: { path: 'has # inside' }, value: 4 },
      { name: 'up', labels: {}, value: 1 },
      { name: 'odd', labels: { a: '}' }, value: Infinity },
      { name: 'nothing', labels: {}, value: Number.NaN },
    ]);
    expect(page.typeOf('http_requests_total')).toBe('counter');
    expect(page.typeOf('up')).toBeNull();
  });

  it('is read as OpenMetrics: families without suffix, exemplars, created times and the end mark', () => {
    const page = parseExposition(
      [
        '# TYPE requests counter',
        '# UNIT requests requests',
        'requests_total{code="200"} 12.0 1520879607.789 # {trace_id="abc # d"} 1.0 1520879607.7',
        'requests_created{code="200"} 1520872607.123',
        '# TYPE took_seconds histogram',
        'took_seconds_bucket{le="0.25"} 7',
        '# EOF',
      ].join('\n'),
      (name) => name === 'requests_total' || name === 'took_seconds_bucket',
      true,
    );
    expect(page.samples).toEqual([
      { name: 'requests_total', labels: { code: '200' }, value: 12 },
      { name: 'took_seconds_bucket', labels: { le: '0.25' }, value: 7 },
    ]);
    expect(page.typeOf('requests_total')).toBe('counter');
    expect(page.typeOf('took_seconds_bucket')).toBe('histogram');
  });

  it('knows a metric that has no series yet', () => {
    const page = parseExposition('# TYPE errors_total counter\nother 1\n', all, false);
    expect(page.knows('errors_total')).toBe(true);
    expect(page.knows('missing_total')).toBe(false);
  });

  it.each([
    ['a web page', '<!doctype html><html></html>', 'line 1'],
    ['a value that is none', 'a 1\nb twelve', 'line 2'],
    ['labels that do not end', 'a{b="c" 1', 'line 1'],
    ['labels without quotes', 'a{b=c} 1', 'line 1'],
    ['a name alone', 'a', 'line 1'],
    ['an empty page', '\n\n', 'empty'],
  ])('is refused when it is %s', (_what, text, words) => {
    expect(() => parseExposition(text, all, false)).toThrow(words);
  });

  it('is refused when it was cut off, or goes on after its end', () => {
    expect(() => parseExposition('# TYPE a counter\na_total 1\n', all, true)).toThrow('cut off');
    expect(() => parseExposition('a_total 1\n# EOF\na_total 2\n', all, true)).toThrow('line 3');
  });

  it('reads hostile lines in linear time', () => {
    const text = `a{b="${'} '.repeat(40_000)}"} 1\n${'x'.repeat(90_000)} 1\na{b="${'\\\\'.repeat(40_000)}`;
    expect(() => parseExposition(text, all, false)).toThrow('line 3');
  });
});
