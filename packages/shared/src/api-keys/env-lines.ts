/** Lines of a settings file of a platform at each step of a rotation. */
export interface EnvLines {
  before: string;
  overlap: string;
  after: string;
}

/**
 * The exact lines for a platform that reads its keys from `API_KEYS=` in a file, comma-separated: the old key alone, both while
 * they overlap, the new one alone. `others` are keys that stay in the line and stand behind. Throws RangeError for a text that
 * would break the line.
 */
export function envLines(of: {
  variable?: string;
  oldKey: string;
  newKey: string;
  others?: readonly string[];
}): EnvLines {
  const { variable = 'API_KEYS', oldKey, newKey, others = [] } = of;
  if (!/^[A-Z_][A-Z0-9_]*$/.test(variable)) throw new RangeError('a variable has A-Z, 0-9 and _');
  for (const text of [oldKey, newKey, ...others]) {
    if (!/^[^\s,"'`\\$#]+$/.test(text)) throw new RangeError('a key in the line has no blanks, commas or quotes');
  }
  const line = (...keys: string[]): string => `${variable}=${[...keys, ...others].join(',')}`;
  return { before: line(oldKey), overlap: line(oldKey, newKey), after: line(newKey) };
}
