import type { DomainError } from '@qd/shared/errors';
import type { ChannelKind, Notifier, OutgoingMessage } from './port.ts';

/** A way out that keeps what it was given. */
export interface FakeNotifier extends Notifier {
  readonly sent: OutgoingMessage[];
  /** From now on every message, or every one that `which` picks, fails so; null ends it. */
  failWith(error: DomainError | null, which?: (message: OutgoingMessage) => boolean): void;
}

/** Takes every message at once, until told to fail. */
export function createFakeNotifier(kind: ChannelKind = 'webhook'): FakeNotifier {
  const sent: OutgoingMessage[] = [];
  let failing: { error: DomainError; which(message: OutgoingMessage): boolean } | null = null;
  return {
    kind,
    sent,
    failWith: (error, which = () => true) => {
      failing = error === null ? null : { error, which };
    },
    send: async (message) => {
      if (failing?.which(message) === true) throw failing.error;
      sent.push(message);
    },
    close: async () => undefined,
  };
}
