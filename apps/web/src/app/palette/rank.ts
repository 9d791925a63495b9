/** Part of a label that fits what was typed, as [start, end). */
export type Span = [number, number];

export interface Match {
  /** Higher is better. */
  score: number;
  /** In the label, in order, not overlapping. */
  spans: Span[];
}

interface Found {
  at: number;
  points: number;
}

/** Where a typed word stands in a text: at the start, at the start of a word, or inside one. */
function find(text: string, token: string): Found | null {
  const lower = text.toLowerCase();
  if (lower.startsWith(token)) return { at: 0, points: 12 };
  const word = new RegExp(`[^\\p{L}\\p{N}]${token.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`, 'u').exec(
    lower,
  );
  if (word) return { at: word.index + 1, points: 8 };
  const inside = lower.indexOf(token);
  return inside === -1 ? null : { at: inside, points: token.length < 3 ? 1 : 3 };
}

function merged(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
    else result.push([span[0], span[1]]);
  }
  return result;
}

/**
 * How well an entry fits a query: every typed word must be found, in its label or, for fewer points, in its
 * keywords. Null when one is missing; an empty query fits everything.
 */
export function matchEntry(query: string, label: string, keywords: string): Match | null {
  const tokens = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const spans: Span[] = [];
  let score = 0;
  for (const token of tokens) {
    const inLabel = find(label, token);
    const inKeywords = inLabel ? null : find(keywords, token);
    if (inLabel) spans.push([inLabel.at, inLabel.at + token.length]);
    else if (!inKeywords) return null;
    score += inLabel?.points ?? (inKeywords?.points ?? 0) / 2;
  }
  return { score, spans: merged(spans) };
}

/** A label cut where it fits, for underlining. */
export function cut(label: string, spans: readonly Span[]): { text: string; isMatch: boolean }[] {
  const parts: { text: string; isMatch: boolean }[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (start > at) parts.push({ text: label.slice(at, start), isMatch: false });
    parts.push({ text: label.slice(start, end), isMatch: true });
    at = end;
  }
  if (at < label.length) parts.push({ text: label.slice(at), isMatch: false });
  return parts;
}
