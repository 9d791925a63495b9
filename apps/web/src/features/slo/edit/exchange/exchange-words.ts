import type { ImportedDocument, ImportFault, ImportOutcome, ImportReport } from '@qd/shared/slo';
import type { Tone } from '../../../../ui/tone.ts';

const looks: Record<ImportOutcome, { will: string; did: string; tone: Tone }> = {
  created: { will: 'Will be created', did: 'Created', tone: 'ok' },
  updated: { will: 'Will be changed', did: 'Changed', tone: 'info' },
  unchanged: { will: 'Is already so', did: 'Was already so', tone: 'ok' },
  skipped: { will: 'Skipped', did: 'Skipped', tone: 'stale' },
  failed: { will: 'Cannot be taken', did: 'Not taken', tone: 'crit' },
};

/** How the fate of a document is shown, before and after it is stored. */
export function outcomeLook(outcome: ImportOutcome, isStored: boolean): { word: string; tone: Tone } {
  const { will, did, tone } = looks[outcome];
  return { word: isStored ? did : will, tone };
}

const order: readonly ImportOutcome[] = ['created', 'updated', 'unchanged'];

/** How many objectives come to what, each counted once. */
function countsOf(documents: readonly ImportedDocument[]): Map<ImportOutcome, number> {
  const counts = new Map<ImportOutcome, number>();
  for (const { outcome } of documents.flatMap(({ objectives }) => objectives)) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

const verbs: Partial<Record<ImportOutcome, { will: string; did: string }>> = {
  created: { will: 'to create', did: 'created' },
  updated: { will: 'to change', did: 'changed' },
  unchanged: { will: 'as they are', did: 'as they were' },
};

/** The whole report in one sentence. */
export function reportSentence({ isStored, documents, faults }: ImportReport): string {
  if (faults.length > 0) {
    const much = faults.length === 1 ? 'One thing is' : `${faults.length} things are`;
    return `${much} to be put right. Nothing was stored.`;
  }
  const counts = countsOf(documents);
  const said = order.flatMap((outcome) => {
    const count = counts.get(outcome) ?? 0;
    const verb = verbs[outcome];
    return count === 0 || verb === undefined ? [] : [`${count} ${isStored ? verb.did : verb.will}`];
  });
  if (said.length === 0) return 'The text defines no SLO.';
  return `${isStored ? 'Done' : 'Ready'}: ${said.join(', ')}.`;
}

/** True if an import would store anything. */
export function isWorthImporting({ documents, faults }: ImportReport): boolean {
  const counts = countsOf(documents);
  return faults.length === 0 && (counts.get('created') ?? 0) + (counts.get('updated') ?? 0) > 0;
}

/** Where a fault is: `Document 2, line 14, spec.objectives[0].target`. */
export function faultPlace({ document, line, field }: ImportFault): string {
  const parts = [`Document ${document}`, line === null ? '' : `line ${line}`, field];
  return parts.filter((part) => part !== '').join(', ');
}

/** Largest text (bytes) that is sent. */
export const MAX_TEXT_BYTES = 1_000_000;

/** Why a text is not sent, or null if it may be. */
export function textRefusal(text: string): string | null {
  if (text.trim() === '') return 'Paste the documents, or choose a file.';
  const bytes = new TextEncoder().encode(text).length;
  return bytes > MAX_TEXT_BYTES ? 'This is over 1 MB. Split it and import the parts one after the other.' : null;
}
