import { type ReactNode, useState } from 'react';
import { Icon } from '../../../../ui/icon.tsx';

/** A part of the form that is always open. */
export function Part({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-ink pt-3">
      <h2 className="mb-2.5 text-[14px] leading-5 font-semibold">
        {title}
        {note !== undefined && <span className="ml-2.5 text-body font-[450] text-ink-3">{note}</span>}
      </h2>
      <div className="grid gap-3.5">{children}</div>
    </section>
  );
}

export interface FoldedPartProps {
  title: string;
  /** What it says now, for those who leave it closed. */
  summary: ReactNode;
  /** Something in it needs to be seen. */
  mustOpen: boolean;
  children: ReactNode;
}

/** A part whose defaults do for most: closed it says in one line what is chosen. */
export function FoldedPart({ title, summary, mustOpen, children }: FoldedPartProps) {
  const [opened, setOpened] = useState(false);
  // What had to open stays open: a part that closes while it is put right takes the focus away.
  if (mustOpen && !opened) setOpened(true);
  const open = opened || mustOpen;
  return (
    <section className="border-t border-ink">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          className="flex w-full items-baseline gap-2.5 py-3 text-left hover:bg-sunken phone:min-h-11"
          onClick={() => setOpened(!open)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} className="translate-y-0.5 text-ink-3" />
          <span className="text-[14px] leading-5 font-semibold whitespace-nowrap">{title}</span>
          <span className="min-w-0 flex-1 text-ink-3">{summary}</span>
        </button>
      </h2>
      {open && <div className="grid gap-3.5 pb-4">{children}</div>}
    </section>
  );
}
