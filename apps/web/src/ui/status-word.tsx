import { type ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import { toneText, type Tone } from './tone.ts';

const glyphOf: Record<Tone, GlyphName> = {
  ok: 'ok',
  warn: 'warn',
  crit: 'crit',
  info: 'half',
  stale: 'unknown',
  none: 'closed',
};

export type StatusWordProps = {
  tone: Tone;
  /** The shape; by default the one that belongs to the tone. */
  glyph?: GlyphName | undefined;
  children: ReactNode;
  className?: string | undefined;
};

/** A state as shape, colour and word together. */
export function StatusWord({ tone, glyph, children, className }: StatusWordProps) {
  const color = tone === 'none' ? 'text-ink-3' : toneText[tone];
  return (
    <span className={cx('inline-flex items-center gap-1.5 font-strong whitespace-nowrap', color, className)}>
      <Glyph name={glyph ?? glyphOf[tone]} />
      {children}
    </span>
  );
}
