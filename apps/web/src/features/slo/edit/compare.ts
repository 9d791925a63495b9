import type { SloDefinition } from '@qd/shared/slo';
import { describeDefinition } from './describe-definition.ts';

/** What one line of a definition said before and says after; null where it was not there. */
export interface DefinitionChange {
  key: string;
  label: string;
  before: string | null;
  after: string | null;
  isCode: boolean;
}

/** A definition is JSON: objects that hold the same say the same, in whatever order their keys came. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** True if two parts of a definition say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** The lines in which two definitions differ, in the order of the form. */
export function changesBetween(
  before: SloDefinition,
  after: SloDefinition,
  sourceName?: (id: string) => string,
): DefinitionChange[] {
  const old = new Map(describeDefinition(before, sourceName).map((line) => [line.key, line]));
  const fresh = new Map(describeDefinition(after, sourceName).map((line) => [line.key, line]));
  const keys = [...new Set([...fresh.keys(), ...old.keys()])];
  return keys.flatMap((key): DefinitionChange[] => {
    const [was, is] = [old.get(key), fresh.get(key)];
    if (was?.value === is?.value) return [];
    const { label, isCode } = is ?? was ?? { label: key, isCode: false };
    return [{ key, label, before: was?.value ?? null, after: is?.value ?? null, isCode }];
  });
}

/** What saving does to the figures: nothing, another reading of the same counts, or other counts. */
export type ChangeEffect = 'none' | 'reread' | 'remeasured' | 'goes_on';

/** What a change means for history. `hasHistory` is about the source after the change. */
export function changeEffect(before: SloDefinition, after: SloDefinition, hasHistory: boolean): ChangeEffect {
  if (isSame(before, after)) return 'none';
  const countsAnew = before.sourceId !== after.sourceId || !isSame(before.indicator, after.indicator);
  if (!countsAnew) return 'reread';
  return hasHistory ? 'remeasured' : 'goes_on';
}

const sentences: Record<ChangeEffect, string> = {
  none: 'Nothing is changed yet.',
  reread: 'What is counted stays the same: history is kept, and every figure is read by the new definition at once.',
  remeasured:
    'What is counted changes: the past is measured again from the source, and the old figures stay with the old revision.',
  goes_on:
    'What is counted changes, and this source does not know its past: counting goes on, so the window holds counts of both kinds until the old ones have left it.',
};

/** The same in one sentence. */
export function effectSentence(effect: ChangeEffect): string {
  return sentences[effect];
}

/** Two people changed one definition: what comes out when both are taken, and the parts that both changed. */
export interface Merge {
  definition: SloDefinition;
  /** Parts that only the other one changed; they are taken over. */
  taken: (keyof SloDefinition)[];
  /** Parts that both changed differently; ours stand. */
  contested: (keyof SloDefinition)[];
}

/** Three-way merge by the parts of a definition. Source and indicator belong together. */
export function mergeDefinitions(base: SloDefinition, theirs: SloDefinition, ours: SloDefinition): Merge {
  // The keys of an object made by the schema are those of its type.
  const keys = Object.keys(ours) as (keyof SloDefinition)[];
  const changedBy = (other: SloDefinition, key: keyof SloDefinition) => !isSame(base[key], other[key]);
  const taken = keys.filter((key) => changedBy(theirs, key) && !changedBy(ours, key));
  const contested = keys.filter(
    (key) => changedBy(theirs, key) && changedBy(ours, key) && !isSame(theirs[key], ours[key]),
  );
  const parts = Object.fromEntries(taken.map((key) => [key, theirs[key]]));
  return { definition: { ...ours, ...parts }, taken, contested };
}
