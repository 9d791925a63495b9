/** State as colour. Never shown alone: a word and a glyph go with it. 'none' is plain ink. */
export type Tone = 'ok' | 'warn' | 'crit' | 'info' | 'stale' | 'none';

/** Colour of a bar or a line of data: water while nothing asks for attention. */
export type DataTone = 'water' | 'warn' | 'crit';

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  crit: 'text-crit',
  info: 'text-info',
  stale: 'text-stale',
  none: 'text-ink',
};

export const toneFill: Record<DataTone, string> = {
  water: 'var(--qd-water-line)',
  warn: 'var(--qd-warn-fill)',
  crit: 'var(--qd-crit-fill)',
};
