import { afterEach, describe, expect, it, vi } from 'vitest';
import { emptyDraft } from './draft.ts';
import { keepDraft, readKept } from './kept-draft.ts';

const kept = { draft: emptyDraft('shop', 0), revision: 2, keptAt: 5 };
afterEach(() => sessionStorage.clear());

describe('a kept draft', () => {
  it('is read back under its name, until it is forgotten', () => {
    keepDraft('a', kept);
    expect(readKept('a')).toEqual(kept);
    expect(readKept('b')).toBeNull();
    keepDraft('a', null);
    expect(readKept('a')).toBeNull();
  });

  it.each([
    ['not JSON', '{'],
    ['not a draft', '5'],
    ['of another shape', JSON.stringify({ ...kept, draft: { ...kept.draft, windows: 'none' } })],
    ['without a part', JSON.stringify({ ...kept, draft: { ...kept.draft, alerts: {} } })],
    ['without a revision', JSON.stringify({ draft: kept.draft, keptAt: 5 })],
  ])('that is %s is dropped', (_, text) => {
    sessionStorage.setItem('qd-slo-draft:a', text);
    expect(readKept('a')).toBeNull();
  });

  it('does without storage where that is switched off', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('denied');
    });
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new Error('denied');
    });
    expect(() => keepDraft('a', kept)).not.toThrow();
    expect(readKept('a')).toBeNull();
  });
});
