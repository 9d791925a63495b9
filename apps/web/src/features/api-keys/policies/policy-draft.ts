import { keyEnvironments, setKeyPolicyInput, type KeyPolicyView, type SetKeyPolicyInput } from '@qd/shared/api-keys';
import type { Change } from '../change-list.tsx';
import { sentence } from '../create/draft.ts';

/** What the form of a policy says, as typed. */
export interface PolicyDraft {
  prefix: string;
  format: 'v2' | 'seed16';
  rotation: 'age' | 'quarter';
  everyDays: string;
  overlapDays: string;
  maxLifeDays: Record<(typeof keyEnvironments)[number], string>;
  quarantines: readonly (typeof keyEnvironments)[number][];
  /** One a line: the scope, then what it allows. */
  scopes: string;
}

const USUAL_DAYS = 90;

export function draftOf({ policy, scopes }: Pick<KeyPolicyView, 'policy' | 'scopes'>): PolicyDraft {
  const { prefix, format, rotation, overlapDays, maxLifeDays, quarantines } = policy;
  return {
    prefix,
    format,
    rotation: rotation.by,
    everyDays: String(rotation.by === 'age' ? rotation.everyDays : USUAL_DAYS),
    overlapDays: String(overlapDays),
    maxLifeDays: {
      prod: String(maxLifeDays.prod),
      staging: String(maxLifeDays.staging),
      dev: String(maxLifeDays.dev),
      test: String(maxLifeDays.test),
    },
    quarantines,
    scopes: scopes.map(({ scope, description }) => `${scope} ${description}`).join('\n'),
  };
}

type Faults = Partial<Record<string, string>>;

/** The input the draft stands for, or what is wrong with which field. */
export function readPolicy(
  draft: PolicyDraft,
  view: Pick<KeyPolicyView, 'platform' | 'updatedAt'>,
): { input: SetKeyPolicyInput } | { faults: Faults } {
  const { prefix, format, rotation, maxLifeDays, quarantines } = draft;
  const days = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
  const read = setKeyPolicyInput.safeParse({
    platform: view.platform,
    seenAt: view.updatedAt,
    policy: {
      prefix,
      format,
      rotation: rotation === 'age' ? { by: 'age', everyDays: days(draft.everyDays) } : { by: 'quarter' },
      overlapDays: days(draft.overlapDays),
      maxLifeDays: Object.fromEntries(keyEnvironments.map((one) => [one, days(maxLifeDays[one])])),
      quarantines,
    },
    scopes: scopesIn(draft.scopes),
  });
  if (read.success) return { input: read.data };
  const faults: Faults = {};
  for (const { path, message } of read.error.issues) {
    const field = path[0] === 'policy' ? path.slice(1).join('.') : String(path[0]);
    const line = path[0] === 'scopes' && typeof path[1] === 'number' ? `Line ${path[1] + 1}: ` : '';
    faults[field.replace(/^rotation\..*/, 'everyDays')] ??= `${line}${sentence(message)}`;
  }
  return { faults };
}

function scopesIn(text: string): { scope: string; description: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [scope = '', ...words] = line.split(/\s+/);
      return { scope, description: words.join(' ') };
    });
}

/** What saving would change, line by line. */
export function changesOf(before: PolicyDraft, after: PolicyDraft): Change[] {
  const lines = [linesOf(before), linesOf(after)] as const;
  return lines[0].flatMap(({ what, words }, i) => {
    const next = lines[1][i]?.words ?? '';
    return next === words ? [] : [{ what, before: words, after: next }];
  });
}

export const formatWords = {
  v2: 'With id and checksum, 59 characters',
  seed16: 'The manual’s 16 characters',
} as const;

function linesOf(draft: PolicyDraft): { what: string; words: string }[] {
  const { rotation, everyDays, quarantines, scopes } = draft;
  return [
    { what: 'Begins with', words: draft.prefix },
    { what: 'Form', words: formatWords[draft.format] },
    { what: 'Rotated', words: rotation === 'age' ? `every ${everyDays} d` : 'each quarter' },
    { what: 'Overlap', words: `${draft.overlapDays} d` },
    ...keyEnvironments.map((one) => ({ what: `Longest life in ${one}`, words: `${draft.maxLifeDays[one]} d` })),
    {
      what: 'Quarantined when leaked',
      words: keyEnvironments.filter((one) => quarantines.includes(one)).join(', ') || 'none',
    },
    {
      what: 'Scopes of its own',
      words:
        scopesIn(scopes)
          .map(({ scope }) => scope)
          .join(', ') || 'none',
    },
  ];
}
