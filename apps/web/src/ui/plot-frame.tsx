import { type ReactNode, useId } from 'react';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { SectionHead } from './section-head.tsx';

export type LegendItem = { label: string; color: string; line?: 'solid' | 'dashed' | 'dotted' | undefined };

export type PlotFrameProps = {
  title: ReactNode;
  /** The unit: "percent of 21.6 min". */
  note?: ReactNode;
  /** The picture in one sentence, read in its place. */
  summary: string;
  /** The figures under the crosshair, on one line above the plot. Keeps its height when empty. */
  readout?: ReactNode;
  legend?: readonly LegendItem[] | undefined;
  actions?: ReactNode;
  /** The same data as a table. */
  table: ReactNode;
  /** Whether the table shows; the caller owns it, so that the key "." and the button do the same. */
  tableShown: boolean;
  onTableShown: (shown: boolean) => void;
  children: ReactNode;
  className?: string | undefined;
};

const strokes = { solid: 'solid', dashed: 'dashed', dotted: 'dotted' } as const;

/** Names of the lines in a plot, each with a piece of its line. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 phone:hidden">
      {items.map((item) => (
        <li key={item.label} className="inline-flex items-center gap-1.5 text-small text-ink-2">
          <i
            className="w-[18px] border-t-2"
            style={{ borderColor: item.color, borderTopStyle: strokes[item.line ?? 'solid'] }}
          />
          {item.label}
        </li>
      ))}
    </ul>
  );
}

/** Around every chart: title, sentence, readout above the plot, legend, and the same data as a table. */
export function PlotFrame(props: PlotFrameProps) {
  const {
    title,
    note,
    summary,
    readout,
    legend = [],
    actions,
    table,
    tableShown,
    onTableShown,
    children,
    className,
  } = props;
  const id = useId();
  return (
    <section aria-labelledby={`${id}-title`} aria-describedby={`${id}-summary`} className={className}>
      <SectionHead
        id={`${id}-title`}
        title={title}
        note={note}
        actions={
          <>
            {legend.length > 0 && <Legend items={legend} />}
            {actions}
            <Button
              size="s"
              variant="ghost"
              icon={tableShown ? 'chart' : 'table'}
              kbd="."
              aria-pressed={tableShown}
              onClick={() => onTableShown(!tableShown)}
            >
              Show as table
            </Button>
          </>
        }
      />
      <p id={`${id}-summary`} className="sr-only">
        {summary}
      </p>
      {tableShown ? (
        table
      ) : (
        <>
          {readout !== undefined && (
            <div className="mb-1 min-h-4 text-small text-ink-2 [&_b]:text-ink" aria-live="off">
              {readout}
            </div>
          )}
          <div className={cx('relative')}>{children}</div>
        </>
      )}
    </section>
  );
}
