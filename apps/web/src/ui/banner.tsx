import { type ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Glyph, type GlyphName } from './glyph.tsx';

export type BannerTone = 'warn' | 'crit' | 'stale';

const looks: Record<BannerTone, { className: string; glyph: GlyphName }> = {
  warn: { className: 'border-l-warn-fill bg-warn-tint', glyph: 'warn' },
  crit: { className: 'border-l-crit-fill bg-crit-tint', glyph: 'crit' },
  stale: { className: 'border-l-stale-fill bg-stale-tint', glyph: 'unknown' },
};

export type BannerProps = {
  tone: BannerTone;
  /** What is down and since when, in one sentence. */
  title: ReactNode;
  /** What you are looking at, what is off, what still works. */
  children?: ReactNode;
  actions?: ReactNode;
  className?: string | undefined;
};

/** One sentence above the page while something is down. It cannot be put away while it is true. */
export function Banner({ tone, title, children, actions, className }: BannerProps) {
  const look = looks[tone];
  return (
    <div
      role={tone === 'crit' ? 'alert' : 'status'}
      className={cx(
        'flex items-start gap-2.5 rounded-1 border border-l-4 border-line-2 py-[9px] pr-2.5 pl-3 text-ink phone:flex-wrap',
        look.className,
        className,
      )}
    >
      <Glyph name={look.glyph} className="mt-1" />
      <div className="min-w-0 flex-1 phone:basis-4/5">
        <b>{title}</b>
        {children !== undefined && <div>{children}</div>}
      </div>
      {actions}
    </div>
  );
}
