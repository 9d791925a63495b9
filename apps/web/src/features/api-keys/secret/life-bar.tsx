import { DAY_MS } from '@qd/shared/time';
import { formatDay } from '../../../lib/format.ts';
import { utc } from '../../../lib/zone.ts';
import { Glyph } from '../../../ui/glyph.tsx';

export interface LifeBarProps {
  now: number;
  expiresAt: number;
  overlapDays: number;
  /** True for the successor of a key: both work for the overlap, from today on. */
  isSuccessor?: boolean;
}

/** The life of a new key on one line, with the days in which two keys work hatched. */
export function LifeBar({ now, expiresAt, overlapDays, isSuccessor = false }: LifeBarProps) {
  const days = Math.max(1, Math.round((expiresAt - now) / DAY_MS));
  const share = `${Math.min(100, (overlapDays / days) * 100)}%`;
  const overlap = isSuccessor
    ? `${overlapDays} d overlap with the old key`
    : `${overlapDays} d overlap when it is rotated`;
  return (
    <div className="mt-4">
      <div aria-hidden="true" className="flex justify-between text-small text-ink-3">
        <span>Today</span>
        <span>{days} d</span>
      </div>
      <div aria-hidden="true" className="relative my-1 h-2.5 border-[1.5px] border-water-line">
        <i
          className={`absolute inset-y-0 ${isSuccessor ? 'left-0' : 'right-0'} bg-[repeating-linear-gradient(90deg,var(--qd-info-fill)_0_1px,transparent_1px_4px)]`}
          style={{ width: share }}
        />
      </div>
      <p className="flex flex-wrap justify-between gap-x-4 text-small">
        {overlapDays > 0 && (
          <span className="inline-flex items-center gap-1.5 text-info">
            <Glyph name="half" />
            {overlap}
          </span>
        )}
        <span className="ml-auto text-ink-2">ends {formatDay(expiresAt, utc, now)}</span>
      </p>
    </div>
  );
}
