import type { SloRevision } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import { aDefinition } from '../test/story.ts';
import { comparedRevisions, revisionsCall } from './revision-words.ts';

const revision = (number: number, isRemeasured = false): SloRevision => ({
  revision: number,
  definition: aDefinition(),
  changedAt: number,
  changedBy: 'mara@example.test',
  changedByName: 'Mara',
  reason: '',
  isRemeasured,
  supersededAt: null,
});
const three = [revision(3), revision(2, true), revision(1)];

describe('revisions in one sentence', () => {
  it.each([
    [[revision(1)], 'Orders is as it was first defined.'],
    [[revision(2), revision(1)], 'Orders was changed once; its measurements went on.'],
    [three, 'Orders was changed 2 times and measured again once.'],
    [[revision(3, true), revision(2, true), revision(1)], 'Orders was changed 2 times and measured again 2 times.'],
  ])('%#', (revisions, sentence) => {
    expect(revisionsCall(revisions)).toBe(sentence);
  });
});

describe('what is compared', () => {
  const pair = (asked: { from?: string; to?: string }, of = three) => {
    const { before, after } = comparedRevisions(of, asked);
    return [before?.revision, after?.revision];
  };

  it('is the newest with the one before it, unless others are asked for', () => {
    expect(pair({})).toEqual([2, 3]);
    expect(pair({ to: '2' })).toEqual([1, 2]);
    expect(pair({ from: '3', to: '1' })).toEqual([3, 1]);
    expect(pair({ from: '9', to: 'x' })).toEqual([2, 3]);
  });

  it('is nothing while there is one', () => {
    expect(pair({}, [revision(1)])).toEqual([undefined, 1]);
  });
});
