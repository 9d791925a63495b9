import type { Notifier } from './port.ts';

/** Where lines go; a logger. */
export interface LineLog {
  warn(fields: object, words: string): void;
  info(fields: object, words: string): void;
}

/** Writes messages to the console's own log: what is urgent as a warning. It has nobody to wait for and never fails. */
export function createLogNotifier(log: LineLog): Notifier {
  return {
    kind: 'log',
    send: async ({ title, text, severity, topic, platform, key }) => {
      // Under `key` the log would hide it as a secret.
      const fields = { notification: topic, severity, platform, dedupKey: key };
      const words = `${title}: ${text}`;
      if (severity === 'info') log.info(fields, words);
      else log.warn(fields, words);
    },
    close: async () => undefined,
  };
}
