import { builtInRoles } from '../permissions/index.ts';

/** More words than this narrow nothing down. */
const MAX_WORDS = 8;

/** Words a text is searched by, each once, in the form in which names are stored. */
export function searchWords(text: string): string[] {
  const words = text
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, MAX_WORDS);
}

/** The built-in role a word names, or null: `support` finds those who have the role besides those called so. */
export function roleOfWord(word: string): string | null {
  const name = word.toLowerCase();
  return builtInRoles.find((role) => role === name) ?? null;
}
