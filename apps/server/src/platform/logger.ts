import { maskedKeys } from '@qd/shared/api-keys';
import { pino, type Logger } from 'pino';

/** Names whose values never reach a log line, at any depth a line has. */
const secretKeys = [
  'password',
  'token',
  'secret',
  'key',
  'apiKey',
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'sessionSecret',
  'encryptionPassword',
  'passwordHash',
];

/**
 * Lines are handed to the system in portions of this size, or after this time: one write for each request would be a
 * tenth of what a request costs. The process writes the rest as it ends.
 */
const WRITTEN_BYTES = 4_096;
const WRITTEN_EVERY_MS = 100;

/** Hides the secret part of anything shaped like an API key, and passwords inside URLs. */
export function redactText(text: string): string {
  return maskedKeys(text).replaceAll(/(\/\/[^/\s:@]+):[^/\s@]+@/g, '$1:…@');
}

/** Structured log of the process, one JSON object per line on stdout, secrets redacted by name and by shape. */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const paths = secretKeys.flatMap((k) => [`["${k}"]`, `*["${k}"]`, `*.*["${k}"]`]);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[redacted]' },
      hooks: { streamWrite: redactText },
      serializers: { err: serializeError },
    },
    destination ??
      pino.destination({ dest: 1, sync: false, minLength: WRITTEN_BYTES, periodicFlush: WRITTEN_EVERY_MS }),
  );
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 2_000) };
  // The message of a failed statement carries its parameters, hashes and addresses among them; its cause says what went wrong.
  if ('params' in error && 'query' in error) return { type: error.name, cause: serializeError(error.cause) };
  return {
    type: error.name,
    message: error.message.slice(0, 2_000),
    // The embedded store prints its whole minified source in a stack; frames beyond these say nothing.
    stack: error.stack
      ?.split('\n')
      .slice(1, 9)
      .map((l) => l.trim().slice(0, 200)),
    cause: error.cause === undefined ? undefined : serializeError(error.cause),
  };
}
