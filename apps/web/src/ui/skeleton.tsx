import { type ReactNode, useEffect, useState } from 'react';
import { cx } from './class-names.ts';

const SHOW_AFTER_MS = 150;
const WORDS_AFTER_MS = 2_000;

export type SkeletonProps = {
  /** CSS lengths of what will stand here, so that nothing moves when it arrives. */
  width?: string | undefined;
  height?: string | undefined;
  className?: string | undefined;
};

/** A still grey bar in the place of a figure. */
export function Skeleton({ width = '100%', height = '10px', className }: SkeletonProps) {
  return (
    <span
      aria-hidden="true"
      className={cx('block rounded-1 bg-line forced-colors:border', className)}
      style={{ width, height }}
    />
  );
}

/** The call and its datum line before they are known: two bars of the same height. */
export function CallSkeleton() {
  return (
    <div aria-hidden="true">
      <div className="flex h-8 items-center">
        <Skeleton width="min(34rem, 86%)" height="20px" />
      </div>
      <div className="mt-2 flex h-4 items-center">
        <Skeleton width="min(20rem, 60%)" height="10px" />
      </div>
    </div>
  );
}

export type SkeletonRowsProps = {
  rows: number;
  /** Widths of the bars in one row. */
  widths?: readonly string[] | undefined;
  rowHeight?: string | undefined;
};

/** Rows of a list before they are known. */
export function SkeletonRows({ rows, widths = ['96px', '32%', '18%'], rowHeight = '49px' }: SkeletonRowsProps) {
  return (
    <div aria-hidden="true" className="border-t border-ink">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-6 border-b border-line px-2.5" style={{ height: rowHeight }}>
          {widths.map((width, index) => (
            <Skeleton key={index} width={width} />
          ))}
        </div>
      ))}
    </div>
  );
}

function useElapsed(afterMs: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return elapsed;
}

export type DelayedProps = {
  /** The skeleton. Takes its space from the start and is seen after 150 ms. */
  children: ReactNode;
  /** Said from 2 s on: "Reading 30 days…". */
  words?: string | undefined;
  /** Take no space either before 150 ms. */
  collapsed?: boolean | undefined;
};

/** What a wait looks like: nothing for 150 ms, then the skeleton, then words from 2 s. */
export function Delayed({ children, words, collapsed = false }: DelayedProps) {
  const isShown = useElapsed(SHOW_AFTER_MS);
  const hasWords = useElapsed(WORDS_AFTER_MS);
  if (!isShown && collapsed) return null;
  return (
    <div aria-busy="true" className={cx('relative', !isShown && 'invisible')}>
      {children}
      <p role="status" className={cx('mt-2 text-small text-ink-3', !(hasWords && words !== undefined) && 'sr-only')}>
        {hasWords ? words : ''}
      </p>
    </div>
  );
}
