import { type ReactNode } from 'react';
import { cx } from './class-names.ts';

export type StateBlockProps = {
  mark: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: 'plain' | 'crit' | undefined;
  role?: 'alert' | 'status' | undefined;
  className?: string | undefined;
};

/** A framed note in the place of content: what is so, why, and the next step. Dashed unless something failed. */
export function StateBlock({ mark, title, children, actions, tone = 'plain', role, className }: StateBlockProps) {
  return (
    <div
      role={role}
      className={cx(
        'flex items-start gap-2.5 rounded-1 border px-3.5 py-3 [&>svg]:mt-1',
        tone === 'crit' ? 'border-crit-fill/45 bg-crit-tint' : 'border-dashed border-line-strong',
        className,
      )}
    >
      {mark}
      <div className="min-w-0 flex-1">
        <b className="block">{title}</b>
        {children !== undefined && <div className="text-ink-2">{children}</div>}
        {actions !== undefined && <div className="mt-2 flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </div>
  );
}
