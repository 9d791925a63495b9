import { keyLike } from '@qd/shared/api-keys';
import type { KeyOrigin } from '../../../../platform/http-auth.ts';

const MASK = '(a key)';
const everyKey = new RegExp(keyLike.source, 'g');

/** Where a key was presented, as it may be kept: some callers name themselves by the key they send. */
export function keptOrigin(from: KeyOrigin, text: string): KeyOrigin {
  const { agent } = from;
  if (typeof agent !== 'string' || !(agent.includes(text) || keyLike.test(agent))) return from;
  return { ...from, agent: agent.replaceAll(text, MASK).replaceAll(everyKey, MASK) };
}
