import { cx } from './class-names.ts';

export type LoadLineProps = { title?: string | undefined; className?: string | undefined };

/** The product's mark: a ring crossed by a bar, the line past which a ship must not be loaded. */
export function LoadLine({ title, className }: LoadLineProps) {
  const names = title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title };
  return (
    <svg viewBox="0 0 26 20" className={cx('h-5 w-[26px] flex-none text-ink', className)} focusable="false" {...names}>
      <circle cx="13" cy="10" r="7.6" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <path d="M0 10h26" stroke="currentColor" strokeWidth="2.2" />
    </svg>
  );
}
