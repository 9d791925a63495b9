import { type ReactNode } from 'react';
import { cx } from './class-names.ts';

const shapes = {
  ok: <circle cx="6" cy="6" r="4.6" fill="var(--qd-ok-fill)" />,
  warn: (
    <path
      d="M6 1.2 11.2 10.6H.8Z"
      fill="var(--qd-warn-fill)"
      stroke="var(--qd-warn)"
      strokeWidth="1.1"
      strokeLinejoin="round"
    />
  ),
  crit: <path d="M6 .3 11.7 6 6 11.7.3 6Z" fill="var(--qd-crit-fill)" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4.4" fill="none" stroke="var(--qd-info)" strokeWidth="1.5" />
      <path d="M6 1.6a4.4 4.4 0 0 1 0 8.8Z" fill="var(--qd-info)" />
    </>
  ),
  planned: (
    <>
      <rect x="1.4" y="1.4" width="9.2" height="9.2" rx="1" fill="none" stroke="var(--qd-info)" strokeWidth="1.5" />
      <path d="M4.4 4v4M7.6 4v4" stroke="var(--qd-info)" strokeWidth="1.5" />
    </>
  ),
  unknown: (
    <circle cx="6" cy="6" r="4.4" fill="none" stroke="var(--qd-stale)" strokeWidth="1.5" strokeDasharray="2.1 1.5" />
  ),
  info: <rect x="1.6" y="1.6" width="8.8" height="8.8" rx="1" fill="var(--qd-info-fill)" />,
  closed: <path d="M2.2 2.2l7.6 7.6M9.8 2.2 2.2 9.8" stroke="var(--qd-ink-3)" strokeWidth="1.8" />,
  done: <path d="M1.8 6.4 4.7 9.2 10.2 2.9" fill="none" stroke="var(--qd-ink-3)" strokeWidth="1.8" />,
  dash: <path d="M2 6h8" stroke="var(--qd-ink-3)" strokeWidth="2" />,
  flag: (
    <path
      d="M3 11V1.4M3 1.6h6.4L7.4 4.2l2 2.6H3"
      fill="currentColor"
      stroke="currentColor"
      strokeWidth="1.2"
      strokeLinejoin="round"
    />
  ),
  incident: <path d="M6 .9 11.1 6 6 11.1.9 6Z" fill="currentColor" />,
  backup: <rect x="2" y="2" width="8" height="8" fill="currentColor" />,
  'backup-due': <rect x="2.4" y="2.4" width="7.2" height="7.2" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  due: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
} satisfies Record<string, ReactNode>;

export type GlyphName = keyof typeof shapes;

export type GlyphProps = {
  name: GlyphName;
  /** Edge in px: 12 in a row, 16 beside a title, 22 on a hero. */
  size?: number | undefined;
  /** Spoken name. Leave it out where a word stands beside the glyph. */
  title?: string | undefined;
  /** Outline only: an event still to come. */
  hollow?: boolean | undefined;
  className?: string | undefined;
};

/** The mark of a state or an event: a shape of its own and a colour, so that neither has to be seen alone. */
export function Glyph({ name, size = 12, title, hollow = false, className }: GlyphProps) {
  const names = title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title };
  return (
    <svg
      viewBox="0 0 12 12"
      width={size}
      height={size}
      className={cx('qd-glyph', hollow && 'is-hollow', className)}
      focusable="false"
      {...names}
    >
      {shapes[name]}
    </svg>
  );
}
