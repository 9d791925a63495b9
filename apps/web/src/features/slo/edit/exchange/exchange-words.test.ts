import type { ImportedDocument, ImportOutcome, ImportReport } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import {
  faultPlace,
  isWorthImporting,
  MAX_TEXT_BYTES,
  outcomeLook,
  reportSentence,
  textRefusal,
} from './exchange-words.ts';

const doc = (...outcomes: ImportOutcome[]): ImportedDocument => ({
  document: 1,
  line: 1,
  kind: 'SLO',
  name: 'a',
  outcome: outcomes[0] ?? 'skipped',
  objectives: outcomes.map((outcome, i) => ({ slug: `s${i}`, platform: 'p', id: null, outcome })),
  reason: '',
});
const report = (over: Partial<ImportReport>): ImportReport => ({
  isStored: false,
  documents: [],
  faults: [],
  warnings: [],
  ...over,
});
const fault = { document: 2, line: 14, field: 'spec.target', message: 'is missing' };

describe('an import in one sentence', () => {
  it.each([
    [report({ documents: [doc('created', 'created'), doc('updated')] }), 'Ready: 2 to create, 1 to change.', true],
    [report({ isStored: true, documents: [doc('created')] }), 'Done: 1 created.', true],
    [report({ documents: [doc('unchanged')] }), 'Ready: 1 as they are.', false],
    [report({ documents: [doc()] }), 'The text defines no SLO.', false],
    [
      report({ documents: [doc('created')], faults: [fault] }),
      'One thing is to be put right. Nothing was stored.',
      false,
    ],
    [report({ faults: [fault, fault] }), '2 things are to be put right. Nothing was stored.', false],
  ])('%#', (one, sentence, worth) => {
    expect(reportSentence(one)).toBe(sentence);
    expect(isWorthImporting(one)).toBe(worth);
  });
});

it('speaks of the future before and of the past after', () => {
  expect(outcomeLook('created', false)).toEqual({ word: 'Will be created', tone: 'ok' });
  expect(outcomeLook('failed', true)).toEqual({ word: 'Not taken', tone: 'crit' });
});

it('names document, line and field of a fault', () => {
  expect(faultPlace(fault)).toBe('Document 2, line 14, spec.target');
  expect(faultPlace({ ...fault, line: null, field: '' })).toBe('Document 2');
});

it('does not send what is empty or over 1 MB, counted in bytes', () => {
  expect(textRefusal(' \n')).toMatch(/Paste/);
  expect(textRefusal('a'.repeat(MAX_TEXT_BYTES))).toBeNull();
  expect(textRefusal('ä'.repeat(MAX_TEXT_BYTES / 2 + 1))).toMatch(/over 1 MB/);
});
