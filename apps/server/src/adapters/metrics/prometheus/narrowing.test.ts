import { describe, expect, it } from 'vitest';
import { narrowingOf } from './narrowing.ts';

describe('a part of a total', () => {
  it.each([
    ['requests_total', 'requests_total{status=~"5.."}'],
    ['requests_total{job="api"}', 'requests_total{job="api",status=~"5.."}'],
    ['requests_total{job="api"}', "requests_total{ status=~'5..', job='api' }"],
    ['requests_total{job="api"}', 'requests_total{job="api"}'],
  ])('%s holds %s', (total, part) => {
    const isPart = narrowingOf(total, part);
    expect(isPart?.({ job: 'api', status: '503' })).toBe(true);
  });

  it('is told by the further matchers, anchored as Prometheus does', () => {
    const isPart = narrowingOf('requests_total', 'requests_total{status=~"5.."}');
    expect(['200', '404', '500', '5000', ''].map((status) => isPart?.({ status }))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['another counter', 'requests_total', 'errors_total'],
    ['wider than the total', 'requests_total{job="api"}', 'requests_total{status=~"5.."}'],
    ['another value', 'requests_total{job="api"}', 'requests_total{job="web",status=~"5.."}'],
    ['another operator', 'requests_total{job="api"}', 'requests_total{job!="api"}'],
    ['no plain selector', 'requests_total', 'requests_total{status=~"5.."} offset 5m'],
    ['beside a total that is none', '{__name__="requests_total"}', 'requests_total{status=~"5.."}'],
    ['a pattern that cannot be read', 'requests_total', 'requests_total{status=~"("}'],
  ])('is asked for apart when it is %s', (_, total, part) => {
    expect(narrowingOf(total, part)).toBeNull();
    expect(narrowingOf(total, part)).toBeNull();
  });
});
