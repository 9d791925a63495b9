import { twinsOf } from '../diagnose.ts';

/** Most prefixes one spelling may be meant for: beyond it more of them would cost more time. */
const MAX_MEANT = 4;
const MIN_PREFIX = 2;

/** Prefixes in use, found in a time that does not grow with their number. */
export interface PrefixIndex {
  /** Prefixes a run of letters and digits ends with. */
  endingIn(run: string): string[];
  /** Prefixes that differ from a run in look-alikes only, as `hsi` for `hs1`; at most four. */
  meantBy(run: string): readonly string[];
}

/** An index of prefixes; built once for a search. */
export function indexPrefixes(prefixes: readonly string[]): PrefixIndex {
  const all = new Set(prefixes);
  const longest = Math.max(0, ...[...all].map((prefix) => prefix.length));
  const byForm = new Map<string, string[]>();
  for (const prefix of all) {
    const form = foldTwins(prefix);
    const same = byForm.get(form) ?? [];
    // One more, since a run is not meant for itself.
    if (same.length <= MAX_MEANT) byForm.set(form, [...same, prefix]);
  }
  return {
    endingIn(run) {
      const lengths = Array.from({ length: Math.min(run.length, longest) }, (_, i) => i + 1);
      return lengths.filter((n) => n >= MIN_PREFIX && all.has(run.slice(-n))).map((n) => run.slice(-n));
    },
    meantBy: (run) => (byForm.get(foldTwins(run)) ?? []).filter((prefix) => prefix !== run).slice(0, MAX_MEANT),
  };
}

/** What small letters and digits are taken for each other, by the first of them. */
const twins = new Map(
  [...'0123456789abcdefghijklmnopqrstuvwxyz'].map((c) => [
    c,
    [c, ...twinsOf(c)].filter((twin) => /[0-9a-z]/.test(twin)).toSorted()[0] ?? c,
  ]),
);

function foldTwins(run: string): string {
  let form = '';
  for (const character of run) form += twins.get(character) ?? character;
  return form;
}
