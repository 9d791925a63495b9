import { createSecretInput, type SecretCadence, type SecretView } from '@qd/shared/secrets';

/** What stands in the form, as typed. */
export interface SecretDraft {
  platform: string;
  name: string;
  description: string;
  /** `me`, `kept` for the person who has it already, or `other` for the name typed. */
  owner: 'me' | 'kept' | 'other';
  ownerName: string;
  procedure: string;
  procedureUrl: string;
  cadence: SecretCadence;
  everyDays: string;
  /** Local day and time of the last rotation, for a new entry; empty for not known. */
  lastRotated: string;
}

export type DraftFaults = Partial<Record<string, string>>;

export const emptyDraft = (platform: string): SecretDraft => ({
  platform,
  name: '',
  description: '',
  owner: 'other',
  ownerName: '',
  procedure: '',
  procedureUrl: '',
  cadence: 'quarterly',
  everyDays: '90',
  lastRotated: '',
});

/** A stored entry as the form shows it. */
export function draftOf(secret: SecretView, myId: string): SecretDraft {
  const { platform, name, description, ownerId, owner, procedure, procedureUrl, cadence, everyDays } = secret;
  return {
    platform,
    name,
    description,
    owner: ownerId === null ? 'other' : ownerId === myId ? 'me' : 'kept',
    ownerName: ownerId === null ? owner : '',
    procedure,
    procedureUrl: procedureUrl ?? '',
    cadence,
    everyDays: String(everyDays ?? 90),
    lastRotated: '',
  };
}

/** What of a draft is sent for either kind of change. */
export function factsOf(draft: SecretDraft, of: { myId: string; keptId: string | null }) {
  return {
    name: draft.name,
    description: draft.description,
    ownerId: draft.owner === 'me' ? of.myId : draft.owner === 'kept' ? of.keptId : null,
    ownerName: draft.owner === 'other' ? draft.ownerName.trim() : '',
    procedure: draft.procedure,
    procedureUrl: draft.procedureUrl.trim() === '' ? null : draft.procedureUrl.trim(),
    cadence: draft.cadence,
    everyDays: draft.cadence === 'days' ? Number(draft.everyDays) : null,
  };
}

/** What keeps a draft from being sent, by field, as the server would say it. */
export function draftFaults(draft: SecretDraft, facts: ReturnType<typeof factsOf>): DraftFaults {
  const { error } = createSecretInput.safeParse({ ...facts, platform: draft.platform });
  const faults: DraftFaults = {};
  for (const issue of error?.issues ?? []) faults[String(issue.path[0])] ??= `${sentence(issue.message)}.`;
  if (draft.platform === '') faults['platform'] = 'Choose a platform.';
  return faults;
}

/** Faults the server found, by field. */
export function refusedFaults(fields: readonly { field: string; message: string }[]): DraftFaults {
  return Object.fromEntries(fields.map(({ field, message }) => [field, `${sentence(message)}.`]));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
}
