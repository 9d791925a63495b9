import {
  createKeyInput,
  type CreatablePlatform,
  type CreateKeyInput,
  type CreateOptions,
  type KeyEnvironment,
  type NewConsumer,
  type ScopeView,
} from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { dayOf, utc } from '../../../lib/zone.ts';

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

type Faults = Partial<Record<string, string>>;

/** The input the draft stands for, or what is wrong with which field. */
export function readDraft(
  draft: KeyDraft,
  of: { nowMs: number; copyFrom?: string | undefined },
): { input: CreateKeyInput } | { faults: Faults } {
  const lifeDays = lifeDaysOf(draft, of.nowMs);
  if (lifeDays === null) return { faults: { lifeDays: 'Pick the day it ends.' } };
  const { name, platform, environment, scopes, owner, consumers } = draft;
  const read = createKeyInput.safeParse({
    name,
    platform,
    environment,
    scopes,
    lifeDays,
    ownerId: owner?.id ?? null,
    ipAllow: rangesIn(draft.ipAllow),
    rateLimitPerMin: draft.rate.trim() === '' ? null : Number(draft.rate),
    consumers,
    ...(of.copyFrom === undefined ? {} : { copyFrom: of.copyFrom }),
    delivery: deliveryOf(draft),
  });
  if (read.success) return { input: read.data };
  const faults: Faults = {};
  for (const { path, message } of read.error.issues) {
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
