export interface BurnRowSpec {
  shortMs: number;
  longMs: number;
  /** Burn rate both windows must exceed. */
  limit: number;
  severity: 'page' | 'ticket';
}

/** How urgent a row is among its kin, for inhibition: the shorter its long window, the faster. */
export type BurnTier = 'fast' | 'medium' | 'slow' | 'long_term';

/** How limits follow from the length of the window: same limit everywhere, same share of the budget, or rows of one's own. */
export type BurnPolicy = 'constant_limit' | 'constant_share' | 'custom';

/** When an objective speaks up. Lengths are ms; null switches an alert off. */
export interface AlertRules {
  policy: BurnPolicy;
  /** Only with `custom`. */
  rows: BurnRowSpec[];
  /** Failures in the long window under which a row is held. */
  minBadEvents: number;
  /** Events in the long window under which a row is held. */
  minTotalEvents: number;
  /** Fires when the budget runs out sooner than this at the current burn. */
  exhaustionMs: number | null;
  /** Fires when nothing was measured for this long. */
  absentMs: number | null;
  /** Rows with a limit under 1 spend less than the budget; they are refused unless this is set. */
  allowSlowRows: boolean;
  isMuted: boolean;
}

export type AlertKind = 'burn' | 'exhaustion' | 'absent';

/** `frozen` fires on data that are stale: it neither worsens nor resolves. */
export type AlertState = 'firing' | 'frozen' | 'ok';

/** What an objective's alerts are at now. One per objective and kind; of the burn rows only the most urgent speaks. */
export interface AlertView {
  kind: AlertKind;
  state: AlertState;
  severity: 'page' | 'ticket';
  tier: BurnTier | null;
  firedAt: number;
  /** One sentence with the figures it fired on. */
  summary: string;
}

export type AlertTransition = 'fired' | 'escalated' | 'eased' | 'resolved' | 'frozen' | 'thawed';

/** One change of an alert, ready for a timeline. */
export interface AlertEvent {
  id: string;
  sloId: string;
  sloName: string;
  platformId: string;
  kind: AlertKind;
  transition: AlertTransition;
  severity: 'page' | 'ticket';
  tier: BurnTier | null;
  at: number;
  /** When the alert it belongs to fired first. */
  firedAt: number;
  summary: string;
  isDemo: boolean;
}

/** A way messages leave the console, and how it fares. Instants are epoch ms. */
export interface ChannelView {
  /** Its name, e.g. `slack`, or an address of it: `email:someone@example.com`. */
  channel: string;
  kind: 'log' | 'webhook' | 'slack' | 'email';
  /** Where messages go, without anything secret. */
  target: string;
  lastSentAt: number | null;
  /** Of the last attempt that failed and was not made good since. */
  lastError: string | null;
  /** Messages that wait to be sent. */
  queued: number;
  /** Messages given up in the last 24 hours. */
  failed24h: number;
}
