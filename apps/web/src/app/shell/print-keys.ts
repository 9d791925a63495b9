import { commandKey, submitKey } from '../../lib/command-key.ts';

const prints: Readonly<Record<string, string>> = {
  'mod+k': commandKey,
  'mod+enter': submitKey,
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
};

/** A binding as printed on keys: `g o` → G, O. */
export function printKeys(keys: string): string[] {
  return keys.split(' ').map((key) => prints[key] ?? key.replace('shift+', '⇧').toUpperCase());
}
