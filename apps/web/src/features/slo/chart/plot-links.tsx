import type { CauseKey } from '@qd/shared/slo';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Link, type LinkProps } from 'react-router';
import type { Box } from './labels.ts';
import type { PlotTarget } from './plot-targets.ts';

export interface PlotLinksProps {
  /** "Events, 9 Sep to 9 Oct". */
  label: string;
  targets: readonly PlotTarget[];
  toCause(key: CauseKey): LinkProps;
}

const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowLeft: (index) => Math.max(0, index - 1),
  ArrowRight: (index, last) => Math.min(last, index + 1),
  Home: () => 0,
  End: (_, last) => last,
};

const placeOf = ({ x, y, width, height }: Box) => ({ left: x, top: y, width, height });

/** Over the plot: every sign in it is a link. One stop of the Tab key, the arrow keys go from sign to sign. */
export function PlotLinks({ label, targets, toCause }: PlotLinksProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  if (targets.length === 0) return null;
  const last = targets.length - 1;
  const stop = Math.min(wanted ?? last, last);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = steps[event.key]?.(stop, last);
    if (next === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    bar.current?.querySelectorAll<HTMLElement>('[data-sign]')[next]?.focus();
  };
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={label}
      className="pointer-events-none absolute inset-0 [&>a]:pointer-events-auto [&>a]:absolute [&>a]:rounded-1"
      onKeyDown={onKeyDown}
    >
      {targets.map(({ text, cause }) => {
        if (text === null) return null;
        return (
          <Link
            {...toCause(cause)}
            key={cause}
            tabIndex={-1}
            aria-hidden="true"
            draggable={false}
            style={placeOf(text)}
          />
        );
      })}
      {targets.map(({ cause, name, others, box }, i) => (
        <Link
          {...toCause(cause)}
          // Not by place: the one that has the focus must live on when the plot makes room.
          key={`${cause}-${targets.slice(0, i).filter((before) => before.cause === cause).length}`}
          data-sign=""
          tabIndex={i === stop ? 0 : -1}
          draggable={false}
          title={name}
          aria-label={others === 0 ? name : `${name}, and ${others} more here`}
          style={placeOf(box)}
          onFocus={() => setWanted(i)}
        />
      ))}
    </div>
  );
}
