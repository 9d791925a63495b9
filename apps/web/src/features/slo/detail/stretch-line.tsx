import { Link } from 'react-router';
import { formatDuration } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import type { Zone } from '../../../lib/zone.ts';
import { linkClass } from '../../../ui/link.tsx';
import type { TimeRange } from '../chart/series.ts';
import { stretchParams } from '../exclusions/exclude-params.ts';
import { spanWords } from '../span-words.ts';

export interface StretchLineProps {
  slo: string;
  stretch: TimeRange;
  zone: Zone;
  nowMs: number;
  onClear(): void;
}

/** In the place of the readout: the stretch that is chosen, and what can be done with it. */
export function StretchLine({ slo, stretch, zone, nowMs, onClear }: StretchLineProps) {
  const to = useTo();
  const params = stretchParams({ slo, ...stretch, reason: '' });
  const span = { startAt: Number(params.from), endAt: Number(params.to) };
  return (
    <span role="status" className="inline-flex flex-wrap gap-x-3.5">
      <b>{spanWords(span, zone, nowMs)}</b>
      <span>{formatDuration(span.endAt - span.startAt)}</span>
      <Link to={to(paths.sloExclusions, params)} className={linkClass}>
        Exclude this stretch
      </Link>
      <button type="button" className={linkClass} onClick={onClear}>
        Let go
      </button>
    </span>
  );
}
