import { updateKeyInput, type KeyLimitsView, type ScopeUseView, type UpdateKeyInput } from '@qd/shared/api-keys';
import type { Change } from '../change-list.tsx';
import { rangesIn, sentence } from '../create/draft.ts';
import { callWords, limitWords } from './limits-words.ts';

/** Name, scopes and limits of a key as typed. */
export interface LimitsDraft {
  name: string;
  scopes: readonly string[];
  ranges: string;
  rate: string;
}

export function draftOf({ name, scopes, ipAllow, rateLimitPerMin }: KeyLimitsView): LimitsDraft {
  return {
    name,
    scopes,
    ranges: ipAllow.join('\n'),
    rate: rateLimitPerMin === null ? '' : String(rateLimitPerMin),
  };
}

/** Calls a minute as typed; empty: not limited. What is no number is refused by the schema, in its words. */
export function rateIn(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

type Faults = Partial<Record<string, string>>;

/** The input the draft stands for, or what is wrong with which field. */
export function readLimits(
  { name, scopes, ranges, rate }: LimitsDraft,
  { id, updatedAt: seenAt }: KeyLimitsView,
): { input: UpdateKeyInput } | { faults: Faults } {
  const read = updateKeyInput.safeParse({
    id,
    seenAt,
    name,
    scopes,
    ipAllow: rangesIn(ranges),
    rateLimitPerMin: rateIn(rate),
  });
  if (read.success) return { input: read.data };
  const faults: Faults = {};
  for (const { path, message } of read.error.issues) faults[String(path[0])] ??= sentence(message);
  return { faults };
}

/** What saving would change, line by line, with what the calls of late say of scopes that go. */
export function changesOf(before: LimitsDraft, after: LimitsDraft, use: ScopeUseView | undefined): Change[] {
  const changes: Change[] = [];
  if (before.name !== after.name.trim()) changes.push({ what: 'Name', before: before.name, after: after.name.trim() });
  for (const scope of after.scopes) {
    if (!before.scopes.includes(scope)) changes.push({ what: 'May also', after: scope });
  }
  for (const scope of before.scopes) {
    if (!after.scopes.includes(scope)) changes.push({ what: 'May no longer', before: scope, ...lossOf(scope, use) });
  }
  const [was, becomes] = [wordsOf(before), wordsOf(after)];
  for (const key of ['from', 'rate'] as const) {
    if (was[key] !== becomes[key]) {
      changes.push({ what: key === 'from' ? 'Where' : 'How often', before: was[key], after: becomes[key] });
    }
  }
  return changes;
}

function wordsOf({ ranges, rate }: LimitsDraft) {
  return limitWords({ ipAllow: rangesIn(ranges), rateLimitPerMin: rateIn(rate) });
}

function lossOf(scope: string, use: ScopeUseView | undefined): Pick<Change, 'note' | 'isWarning'> {
  const found = use?.scopes.find((one) => one.scope === scope);
  if (use === undefined || found === undefined) return {};
  if (found.calls === 0) return { note: `${usageWords(scope, use) ?? ''}.` };
  return { note: `${callWords(found.calls)} in ${use.days} d; from then on such calls are refused.`, isWarning: true };
}

/** How much a scope of the key was used: `1,200 calls in 30 d`. Nothing for scopes it does not have. */
export function usageWords(scope: string, use: ScopeUseView): string | undefined {
  const found = use.scopes.find((one) => one.scope === scope);
  if (found === undefined) return undefined;
  if (found.calls > 0) return `${callWords(found.calls)} in ${use.days} d`;
  return use.isConclusive ? `not used in ${use.days} d` : `not used so far, within ${use.days} d`;
}
