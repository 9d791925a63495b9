import { useId, type ReactNode } from 'react';
import { SectionHead } from '../../../ui/section-head.tsx';

export interface PartProps {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** On the phone the title keeps its line with the button, and the note goes under them. */
const noteBelow = 'phone:[&>span]:order-last phone:[&>span]:basis-full';

/** One part of a settings page. */
export function Part({ title, note, actions, children }: PartProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0">
      <SectionHead id={id} title={title} note={note} actions={actions} className={noteBelow} />
      {children}
    </section>
  );
}
