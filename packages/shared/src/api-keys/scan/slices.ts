/** Characters worked on in one go: a few milliseconds at most, whatever they are. */
export const SCAN_SLICE_LENGTH = 16_384;

/** The longest escape that is undone, as `&#xFFFF;`. */
const MAX_ESCAPE = 8;

/** Work that stops after each slice of a text, so that whoever drives it can let others go first. */
export type Sliced<T> = Generator<undefined, T>;

/** Does sliced work in one go. */
export function inOneGo<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** A text with each slice of it changed. No slice ends within a character or an escape. */
export function* mapSlices(text: string, sliceLength: number, change: (slice: string) => string): Sliced<string> {
  const parts: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = endOf(text, from, sliceLength);
    parts.push(change(text.slice(from, end)));
    from = end;
    yield;
  }
  return parts.join('');
}

function endOf(text: string, from: number, sliceLength: number): number {
  const end = from + Math.max(sliceLength, 2 * MAX_ESCAPE);
  if (end >= text.length) return text.length;
  // What begins an escape stands nowhere else in one.
  for (let at = end - 1; at > end - MAX_ESCAPE; at -= 1) if ('%\\&'.includes(text.charAt(at))) return at;
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end + 1 : end;
}
