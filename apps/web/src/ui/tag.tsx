import { type ReactNode } from 'react';
import { cx } from './class-names.ts';

export type TagTone = 'plain' | 'ok' | 'warn' | 'crit' | 'info' | 'overprint' | 'stale';

const looks: Record<TagTone, string> = {
  plain: 'border-line-2 text-ink-2',
  ok: 'border-ok-fill/50 bg-ok-tint text-ok',
  warn: 'border-warn-fill/60 bg-warn-tint text-warn',
  crit: 'border-crit-fill/50 bg-crit-tint text-crit',
  info: 'border-info-fill/50 bg-info-tint text-info',
  overprint: 'border-overprint-line/50 bg-overprint-tint text-overprint',
  stale: 'border-dashed border-stale-fill text-stale',
};

export type TagProps = { tone?: TagTone | undefined; children: ReactNode; className?: string | undefined };

/** A small label. 'overprint' marks what a person wrote or what is not published yet. */
export function Tag({ tone = 'plain', children, className }: TagProps) {
  return (
    <span
      className={cx(
        'inline-flex h-[18px] items-center gap-1 rounded-1 border px-1.5 text-micro whitespace-nowrap [font-stretch:92%]',
        looks[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
