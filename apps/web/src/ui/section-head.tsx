import { type ReactNode } from 'react';
import { cx } from './class-names.ts';

export type SectionHeadProps = {
  title: ReactNode;
  /** Said beside the title in a lighter voice: the unit, the order, the count. */
  note?: ReactNode;
  /** Controls at the right end. */
  actions?: ReactNode;
  id?: string | undefined;
  level?: 2 | 3 | undefined;
  className?: string | undefined;
};

/** The line above a section: title, note and actions. The rule under it belongs to the list or table that follows. */
export function SectionHead({ title, note, actions, id, level = 2, className }: SectionHeadProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={cx('mb-2 flex min-h-[30px] flex-wrap items-center gap-x-2.5 gap-y-1', className)}>
      <Heading id={id} className="whitespace-nowrap text-[14px] leading-5 font-semibold tracking-[-0.005em]">
        {title}
      </Heading>
      {note !== undefined && <span className="font-[450] text-ink-3">{note}</span>}
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
