import type { AuditFilters } from '@qd/shared/audit';

/** What an action, an outcome, a platform and a kind of target are in one row; empty for no platform and no target. */
export interface AuditFacet {
  action: string;
  status: string;
  platform: string;
  targetKind: string;
}

/** True if rows like this may be seen on the platforms given and pass the filters that look at no more. */
export function passes(facet: AuditFacet, filters: AuditFilters, platforms: '*' | readonly string[]): boolean {
  const { action, status, platform, targetKind } = filters;
  return (
    (platforms === '*' || (facet.platform !== '' && platforms.includes(facet.platform))) &&
    (platform === undefined || facet.platform === platform) &&
    (status === undefined || facet.status === status) &&
    (targetKind === undefined || facet.targetKind === targetKind) &&
    (action === undefined || isOf(facet.action, action))
  );
}

/** True for the action itself; a feature stands for all its actions. */
function isOf(action: string, wanted: string): boolean {
  return action === wanted || (!wanted.includes('.') && action.startsWith(`${wanted}.`));
}

/** True if the text is part of what all these rows say, in any case. */
export function says({ action, targetKind }: AuditFacet, text: string): boolean {
  const part = text.toLowerCase();
  return action.toLowerCase().includes(part) || targetKind.toLowerCase().includes(part);
}

/** What rows spread over the log are like. */
export interface Sample {
  /** Rows looked at. */
  rows: number;
  /** Of those: how many hold the text, how many pass the other filters, how many both. */
  holding: number;
  passing: number;
  both: number;
}

/** Ways to find the newest rows that hold a text: through the words that hold it, through the facets, or from the newest on. */
export type TextWay = 'words' | 'facets' | 'walk';

// Measured on a million rows: what is read by each way, as a multiple of a step of a walk.
const WORD_ROW_COST = 2.5;
const FACET_ROW_COST = 3;
const WORD_COST = 8;

/**
 * The way that reads least to find `limit` rows among `total`. `words` is null where they are too many; `newest` is the share of the
 * newest rows that fits.
 */
export function cheapestWay(
  sample: Sample,
  of: { words: number | null; total: number; limit: number; newest: number },
): TextWay {
  const { words, total, limit, newest } = of;
  // One row more than was seen: what does not occur in the sample may occur elsewhere.
  const share = (seen: number) => (seen + 1) / (sample.rows + 1);
  const asksNoMore = sample.passing === sample.rows;
  const wordRows = asksNoMore ? limit * limit : share(sample.holding) * total;
  const costs: [TextWay, number][] = [
    ['walk', Math.min(total, limit / Math.min(newest, share(sample.both)))],
    ['facets', FACET_ROW_COST * share(sample.passing) * total],
    ['words', words === null ? Infinity : WORD_COST * words + WORD_ROW_COST * wordRows],
  ];
  return costs.reduce((best, next) => (next[1] < best[1] ? next : best))[0];
}
