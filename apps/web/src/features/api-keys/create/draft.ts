import {
  createKeyInput,
  importKeyInput,
  readForeignKey,
  type CreatablePlatform,
  type CreateKeyInput,
  type CreateOptions,
  type ForeignForm,
  type ImportKeyInput,
  type KeyEnvironment,
  type NewConsumer,
  type ScopeView,
} from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { dayOf, utc } from '../../../lib/zone.ts';
import { crc32 } from '../lookup/crc32.ts';

/** Whom a key acts for. */
export interface DraftOwner {
  id: string;
  name: string;
  email: string;
}

/** What the form of a new key says, as typed. */
export interface KeyDraft {
  name: string;
  platform: string;
  environment: KeyEnvironment;
  scopes: readonly string[];
  /** Days as text, or `date` for the day picked. */
  life: string;
  until: string;
  owner: DraftOwner | null;
  /** Who sees the secret: whoever creates it, or whoever is to use it. */
  delivery: 'show' | 'claim';
  recipientName: string;
  recipientEmail: string;
  ipAllow: string;
  rate: string;
  consumers: readonly NewConsumer[];
}

export const lifeChoices = ['30', '90', '180', 'date'] as const;

export function emptyDraft(platform: string): KeyDraft {
  return {
    name: '',
    platform,
    environment: 'prod',
    scopes: [],
    life: '90',
    until: '',
    owner: null,
    delivery: 'show',
    recipientName: '',
    recipientEmail: '',
    ipAllow: '',
    rate: '',
    consumers: [],
  };
}

/** Scopes a key may be given on a platform by the reader: the platform's own first, then those of the console. */
export function scopesOn(options: CreateOptions, platform: string): ScopeView[] {
  const own = options.platforms.find(({ id }) => id === platform)?.scopes ?? [];
  const given = options.consoleScopes.filter(({ platforms }) => platforms === '*' || platforms.includes(platform));
  return [...own, ...given];
}

/** Days the draft asks for; null where no day is picked. A day counts to its end, UTC. */
export function lifeDaysOf({ life, until }: Pick<KeyDraft, 'life' | 'until'>, nowMs: number): number | null {
  if (life !== 'date') return Number(life);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until)) return null;
  const noon = Date.parse(`${until}T12:00:00Z`);
  return Number.isNaN(noon) ? null : Math.floor((dayOf(noon, utc).endAt - nowMs) / DAY_MS);
}

/** Ranges of addresses, parted by blanks, commas or lines. */
export function rangesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

export type Faults = Partial<Record<string, string>>;
type Read<Input> = { input: Input } | { faults: Faults };

/** The input the draft of a new key stands for, or what is wrong with which field. */
export function readDraft(draft: KeyDraft, of: { nowMs: number; copyFrom?: string | undefined }): Read<CreateKeyInput> {
  const copied = of.copyFrom === undefined ? {} : { copyFrom: of.copyFrom };
  const facts = factsOf(draft, of.nowMs);
  if (facts.lifeDays === null) return noDay;
  return outcomeOf(createKeyInput.safeParse({ ...facts, ...copied, delivery: deliveryOf(draft) }));
}

/** The same for a key made elsewhere. */
export function readImport(draft: KeyDraft, of: { nowMs: number; text: string }): Read<ImportKeyInput> {
  const facts = factsOf(draft, of.nowMs);
  const read = facts.lifeDays === null ? noDay : outcomeOf(importKeyInput.safeParse({ ...facts, text: of.text }));
  const foreign = readForeignKey(of.text, crc32);
  const text = foreign.ok ? placeFault(foreign.form, draft) : foreign.message;
  if (text === null) return read;
  return { faults: { ...('faults' in read ? read.faults : {}), text } };
}

function placeFault({ environment }: ForeignForm, draft: KeyDraft): string | null {
  if (environment === null || environment === draft.environment) return null;
  return `The key says ${environment}; choose that environment.`;
}

/** What of a draft is the same whether a key is made or taken in. */
function factsOf(draft: KeyDraft, nowMs: number) {
  const { name, platform, environment, scopes, owner, consumers } = draft;
  return {
    name,
    platform,
    environment,
    scopes,
    lifeDays: lifeDaysOf(draft, nowMs),
    ownerId: owner?.id ?? null,
    ipAllow: rangesIn(draft.ipAllow),
    rateLimitPerMin: draft.rate.trim() === '' ? null : Number(draft.rate),
    consumers,
  };
}

const noDay = { faults: { lifeDays: 'Pick the day it ends.' } };

type Parsed<Input> =
  | { success: true; data: Input }
  | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };

function outcomeOf<Input>(parsed: Parsed<Input>): Read<Input> {
  if (parsed.success) return { input: parsed.data };
  const faults: Faults = {};
  for (const { path, message } of parsed.error.issues) {
    const field = path[0] === 'delivery' ? String(path[1]) : String(path[0]);
    faults[field] ??= sentence(message);
  }
  return { faults };
}

function deliveryOf({ delivery, owner, recipientName, recipientEmail }: KeyDraft) {
  if (delivery === 'show') return { kind: 'show' as const };
  const to =
    owner === null ? { recipientName, recipientEmail } : { recipientName: owner.name, recipientEmail: owner.email };
  return { kind: 'claim' as const, ...to };
}

/** A fault of a field as a sentence. */
export function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

/** What the policy says of the life of a key, under the choice. */
export function policyWords(
  platform: CreatablePlatform | undefined,
  of: { environment: KeyEnvironment; isOwner: boolean },
): string {
  if (platform === undefined) return '';
  const days = platform.policy.maxLifeDays[of.environment];
  const beyond = of.isOwner ? 'you, as an owner, may go beyond, up to 366 d' : 'longer needs an owner';
  return `Policy allows up to ${days} d in ${of.environment}; ${beyond}.`;
}
