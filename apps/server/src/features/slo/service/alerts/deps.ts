import type { AlertState } from '@qd/shared/slo';
import type { ChannelKind, Notifier } from '../../../../adapters/notify/port.ts';

/** A place alerts are sent to. */
export interface AlertChannel {
  /** As it stands in the queue: `slack`, `email:ops@example.com`. */
  channel: string;
  kind: ChannelKind;
  /** Where messages go, without anything secret. */
  target: string;
}

/** What alerts work with. */
export interface AlertDeps {
  channels: readonly AlertChannel[];
  notifiers: ReadonlyMap<ChannelKind, Notifier>;
  /** Where browsers reach the console; null when that is not known, and messages then lead nowhere. */
  publicUrl: string | null;
  /** Since when (ms) this process has been looking. */
  watchedSince: number;
  /** Hears how many alerts are in each state. */
  onCounted(counts: Record<Exclude<AlertState, 'ok'>, number>): void;
}

/** Alerts that are evaluated and shown, and sent nowhere. */
export const silentAlerts: AlertDeps = {
  channels: [],
  notifiers: new Map(),
  publicUrl: null,
  watchedSince: 0,
  onCounted: () => undefined,
};
