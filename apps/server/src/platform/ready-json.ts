const texts = new WeakMap<object, string>();

/** Gives `value` with the JSON text it stands for, so that sending it makes none. The caller vouches that they agree. */
export function withJson<T extends object>(value: T, text: string): T {
  texts.set(value, text);
  return value;
}

/** The JSON text of a value: the one it came with, else made now. */
export function jsonOf(value: unknown): string {
  const ready = typeof value === 'object' && value !== null ? texts.get(value) : undefined;
  return ready ?? JSON.stringify(value);
}
