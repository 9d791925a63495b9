import { builtInRoles, roleTitles } from '../permissions/index.ts';
import { lookAlikeFold } from '../users/index.ts';

/** The form under which a title is unique: as the eye takes it, letters and digits alone. */
export function roleTitleKey(title: string): string {
  return lookAlikeFold(title).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const digitTwins: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '3': 'e', '5': 's', i: 'l' };
const looseKey = (title: string): string =>
  [...roleTitleKey(title)].map((letter) => digitTwins[letter] ?? letter).join('');

const builtInKeys = new Map(
  builtInRoles.flatMap((role) => [role, roleTitles[role]]).map((name) => [looseKey(name), name]),
);

/** The built-in role a title could be taken for, or null. */
export function looksLikeBuiltIn(title: string): string | null {
  return builtInKeys.get(looseKey(title)) ?? null;
}
