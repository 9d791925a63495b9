import { type ReactNode, useId } from 'react';

/** A part of the person's panel under its own line. */
export function PanelSection({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-4 border-t border-line pt-3">
      <div className="mb-1.5 flex min-h-7 items-center gap-2">
        <h3 id={id} className="font-semibold">
          {title}
        </h3>
        {action !== undefined && <div className="ml-auto">{action}</div>}
      </div>
      {children}
    </section>
  );
}
