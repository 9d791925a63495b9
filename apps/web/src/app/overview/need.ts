import type { KeyNeed } from '@qd/shared/api-keys';
import type { LedgerNeed } from '@qd/shared/api-keys/ending';
import type { SecretView } from '@qd/shared/secrets';
import type { PlatformLane, SloSummary } from '@qd/shared/slo';
import type { SourceHealth } from '../../lib/api.ts';
import type { Zone } from '../../lib/zone.ts';

/** One thing that asks for a person, and the page that helps. */
export interface Need {
  key: string;
  tone: 'crit' | 'warn' | 'stale';
  title: string;
  detail: string;
  /** How long, how much or how soon, at the right end. */
  figure: string;
  href: string;
  /** Parameters of that address, besides the reader's scope. */
  params?: Record<string, string>;
  action: string;
}

/** A need with its place in the list. */
export interface Ranked extends Need {
  rank: number;
  /** Within a rank, the smaller is the more urgent. */
  order: number;
}

export interface NeedsInput {
  slos: readonly SloSummary[];
  sources: readonly SourceHealth[];
  /** Lanes, for the incidents that are open. */
  lanes: readonly Pick<PlatformLane, 'platformId' | 'platformName' | 'slo' | 'marks'>[];
  /** Keys that ask for somebody, and secrets that are overdue. */
  keys: readonly KeyNeed[];
  /** The ledger of ended keys, while it fails. */
  ledger: LedgerNeed | null;
  secrets: readonly SecretView[];
  /** Why these could not be read; null when they were. */
  unread: string | null;
  now: number;
  zone: Zone;
}

/** Sentences side by side, empty ones left out. */
export function joinWords(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
