import { type ReactNode } from 'react';
import { cx } from './class-names.ts';

export type EmptyStateProps = {
  /** What is true: "No incidents in 30 days." */
  title: ReactNode;
  /** The next sentence. */
  children?: ReactNode;
  /** The next step, as a button or link. */
  actions?: ReactNode;
  /** Drawn above: the calm line over its rule, for instance. */
  picture?: ReactNode;
  className?: string | undefined;
};

/** Nothing here, said plainly, with the next step. */
export function EmptyState({ title, children, actions, picture, className }: EmptyStateProps) {
  return (
    <div className={cx('py-4', className)}>
      {picture !== undefined && <div className="mb-3">{picture}</div>}
      <p className="text-lead font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-[68ch] text-ink-2">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
