import type { BurnRow, BurnRowState } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { GlyphName } from '../../../ui/glyph.tsx';
import type { Tone } from '../../../ui/tone.ts';

/** Ends of the log scale of burn rates. */
const LEAST_BURN = 0.1;
const MOST_BURN = 1_600;

/** Where a burn rate lies on the log scale, 0 to 1. */
export function burnShare(burn: number): number {
  if (burn <= LEAST_BURN) return 0;
  const share = Math.log10(burn / LEAST_BURN) / Math.log10(MOST_BURN / LEAST_BURN);
  return Math.min(1, share);
}

/** `5 min`, `1 h`, `3 d`. */
export function spanName(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS} d`;
  return ms % HOUR_MS === 0 ? `${ms / HOUR_MS} h` : `${ms / MINUTE_MS} min`;
}

export interface RowLook {
  word: string;
  tone: Tone;
  glyph: GlyphName;
  /** Why, in a word or two: it stands beside the state. */
  why: string;
  /** What the state means, for those who ask. */
  means: string;
}

const quiet: Record<Exclude<BurnRowState, 'firing'>, RowLook> = {
  recovering: {
    word: 'Recovering',
    tone: 'info',
    glyph: 'half',
    why: 'short is calm',
    means: 'The long window is still over the limit, the short one no longer.',
  },
  rising: {
    word: 'Rising',
    tone: 'warn',
    glyph: 'warn',
    why: 'long not yet',
    means: 'The short window is over the limit, the long one not yet.',
  },
  ok: { word: 'Quiet', tone: 'ok', glyph: 'ok', why: 'under the limit', means: 'Both windows are under the limit.' },
  held: {
    word: 'Held',
    tone: 'stale',
    glyph: 'dash',
    why: 'low traffic',
    means: 'Too few events to judge by, so nobody is called.',
  },
  unknown: {
    word: 'Not known',
    tone: 'stale',
    glyph: 'unknown',
    why: 'not measured',
    means: 'A window is not fully measured.',
  },
};

const maintenance: RowLook = {
  word: 'Not known',
  tone: 'info',
  glyph: 'planned',
  why: 'in maintenance',
  means: 'Excluded time leaves too little of the window to judge by.',
};

/** How a row is shown: state, reason, meaning. A row that fires says whom it calls. */
export function rowLook(row: Pick<BurnRow, 'state' | 'severity' | 'excludedMinutes'>): RowLook {
  if (row.state === 'unknown' && row.excludedMinutes > 0) return maintenance;
  if (row.state !== 'firing') return quiet[row.state];
  return row.severity === 'page'
    ? {
        word: 'Page',
        tone: 'crit',
        glyph: 'crit',
        why: 'firing',
        means: 'Both windows are over the limit: somebody is called.',
      }
    : {
        word: 'Ticket',
        tone: 'warn',
        glyph: 'warn',
        why: 'firing',
        means: 'Both windows are over the limit: a ticket is due.',
      };
}
