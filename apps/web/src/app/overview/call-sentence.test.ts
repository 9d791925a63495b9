import type { SloSummary } from '@qd/shared/slo';
import { describe, expect, test } from 'vitest';
import { aBudget, aSlo, burning, cautious, incident, NOW, silent } from '../../../test/fixtures.ts';
import { inSentence, overviewCall } from './call-sentence.ts';
import { judgeAll, type PlatformFacts } from './verdict.ts';

function say(slos: SloSummary[], over: { heldAt?: string; marks?: PlatformFacts['marks'] } = {}): string {
  const platforms = [...new Map(slos.map((slo) => [slo.platformId, slo.platformName]))].map(([id, name]) => ({
    id,
    name,
    marks: (over.marks ?? []).filter((mark) => mark.platformId === id),
  }));
  return overviewCall(judgeAll(platforms, slos), over.heldAt ?? null)
    .map((clause) => clause.text)
    .join(' ');
}

const good = aSlo();
const own = aSlo({ id: 'slo_q', platformId: 'quarterdeck', platformName: 'Quarterdeck', name: 'Availability' });
const overspent = aSlo({ state: 'overspent', budget: aBudget({ leftRatio: -0.124 }), burn1h: 3 });

describe('the call of the Overview', () => {
  test('names the failing platform and the share first, then the rest', () => {
    expect(say([good, cautious, burning])).toBe(
      'HashInsight is failing 47% of requests. StellarEscrow has 17.0% of its TTFB under 800 ms budget left. Web3 Audit is on course.',
    );
  });

  test('bad minutes are not told as failed requests', () => {
    expect(say([{ ...burning, unit: 'minutes' }])).toBe('HashInsight misses availability in 47% of minutes.');
  });

  test('all good: counts them and names the lowest budget', () => {
    expect(say([good, own])).toBe(
      'Quarterdeck and Web3 Audit are on course. The lowest budget is Quarterdeck availability, 64.1% left.',
    );
  });

  test('one platform alone needs no "other"', () => {
    expect(say([own])).toBe('Quarterdeck is on course. The lowest budget is availability, 64.1% left.');
  });

  test('what is stale is never on course, even when its last state was', () => {
    expect(say([silent, good])).toBe('HashInsight has no data. Web3 Audit is on course.');
    expect(say([silent, { ...good, platformId: 'hashinsight', platformName: 'HashInsight' }])).toBe(
      'HashInsight has no data for latency P95.',
    );
  });

  test('a budget that cannot be judged is said to be so', () => {
    expect(say([aSlo({ state: 'insufficient' })])).toBe('Web3 Audit has too little data on audit completion to judge.');
  });

  test('an overspent budget says by how much', () => {
    expect(say([overspent])).toBe('Web3 Audit has overspent its audit completion budget by 12.4%.');
  });

  test('a burn too small to fail anyone is a burn, not an outage', () => {
    const slow = aSlo({ state: 'fast_burn', burn5m: 6.2, burn1h: 6.2, burnRows: [] });
    expect(say([slow])).toBe('Web3 Audit is burning its audit completion budget at 6.2×.');
  });

  test('an open P0 is said even when no budget shows it', () => {
    const calm = { ...good, platformId: 'hashinsight', platformName: 'HashInsight' };
    expect(say([calm], { marks: [incident] })).toBe('HashInsight has a P0 incident open: mempool feed down.');
    expect(say([calm], { marks: [{ ...incident, open: false, endAt: NOW }] })).toContain('is on course');
  });

  test('when nothing newer can be seen, the past tense and the time', () => {
    expect(say([burning, good], { heldAt: '14:43' })).toBe(
      'At 14:43 HashInsight was failing 47% of requests. We cannot see newer figures.',
    );
    expect(say([good], { heldAt: '14:43' })).toBe('At 14:43 Web3 Audit was on course. We cannot see newer figures.');
  });

  test('many troubles are counted after the third', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      aSlo({ ...overspent, id, platformId: id, platformName: id.toUpperCase() }),
    );
    expect(say([...many, good])).toMatch(/C has overspent.* 2 more platforms need a look\. Web3 Audit is on course\.$/);
  });

  test('nothing measured says so', () => {
    expect(overviewCall(judgeAll([{ id: 'a', name: 'A', marks: [] }], []), null)[0]?.text).toBe(
      'No objective is measured yet.',
    );
  });
});

test.each([
  ['Availability', 'availability'],
  ['TTFB under 800 ms', 'TTFB under 800 ms'],
  ['P95 latency', 'P95 latency'],
])('%s reads %s in a sentence', (name, text) => {
  expect(inSentence(name)).toBe(text);
});
