/** Ways out of the console. A channel is one of them, alone or with an address: `slack`, `email:someone@example.com`. */
export const channelKinds = ['log', 'webhook', 'slack', 'email'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** A message on its way to people or machines. */
export interface OutgoingMessage {
  /** The same for every attempt, so that a receiver can drop what it has already. */
  key: string;
  /** Address, where the channel needs one; null for its usual receivers. */
  to: string | null;
  /** `feature.event`, e.g. `slo.alert_fired`. */
  topic: string;
  severity: 'page' | 'ticket' | 'info';
  title: string;
  text: string;
  /** Page of the console it is about. */
  url: string | null;
  platform: string | null;
  /** Figures for machines. */
  details: Record<string, unknown>;
  /** Instant of what it speaks of, ISO 8601. */
  at: string;
}

/** One way out. */
export interface Notifier {
  readonly kind: ChannelKind;
  /**
   * Sends once; returns when the receiver has taken the message. Throws DomainError `upstream` when another attempt may
   * do (down, slow, busy, or something a person can put right), `invalid` when this message will never be taken.
   */
  send(message: OutgoingMessage): Promise<void>;
  close(): Promise<void>;
}

/** Runs calls to one receiver: each bounded in time, and none while the receiver is known to be down. */
export interface Guard {
  run<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** How messages leave over HTTP. The roof hands it in, so that one policy on addresses holds for every door. */
export interface HttpDoor extends Guard {
  /** Posts JSON. Throws DomainError `upstream` when there is no answer; any status but a redirect is one. */
  post(request: {
    url: URL;
    json: string;
    headers: Readonly<Record<string, string>>;
    signal: AbortSignal;
  }): Promise<{ status: number; text: string }>;
  close(): void;
}
