import { KID_LENGTH, type KeyEnvironment } from './format.ts';
import type { KeyFormat } from './policy.ts';

/** What of a key may be shown: its beginning with the public id; for keys that hold no id, the id they were given. */
export function shownKey(key: { id: string; prefix: string; environment: KeyEnvironment; format: KeyFormat }): string {
  const { id, prefix, environment, format } = key;
  if (format === 'opaque') return `made elsewhere, id ${id}`;
  const begin = `${prefix}_${environment}_key_`;
  return format === 'v2' ? `${begin}${id}…` : `${begin}…, id ${id}`;
}

const withSecret = /([a-z0-9]{2,8}_(?:prod|staging|dev|test)_key_)([0-9A-Za-z]{9,})/g;
/** From here on a key is one of ours with an id in it; shorter ones are secret from their first character on. */
const LONG = 24;

/** A text without the secret part of any key in it: what may stand in a search box and an address. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(
    withSecret,
    (_, begin: string, body: string) => begin + (body.length < LONG ? '' : body.slice(0, KID_LENGTH)),
  );
}

/** The public id in a text that begins like a key, or null. */
export function idInKey(text: string): string | null {
  return /_key_([0-9A-Za-z]{8})/.exec(text)?.[1] ?? null;
}
