import { expect, it } from 'vitest';
import { keyText } from '../../../../../test/keys.ts';
import { keptOrigin } from './origin.ts';

const key = keyText();
const opaque = 'made-elsewhere-4711-0815';
const from = (agent: string | null) => ({ address: '192.0.2.1', agent, requestId: 'r' });

it.each([
  [key, `bot ${key}`, 'bot (a key)'],
  [opaque, `${opaque};${opaque}`, '(a key);(a key)'],
  [opaque, `bot ${key} of ${opaque}`, 'bot (a key) of (a key)'],
  [key, 'curl/8.5.0', 'curl/8.5.0'],
  [key, null, null],
])('keeps no key in the name of a caller', (text, agent, kept) => {
  expect(keptOrigin(from(agent), text)).toEqual(from(kept));
});
