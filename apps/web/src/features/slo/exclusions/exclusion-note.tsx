import type { SloDetail } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import { Link } from 'react-router';
import { formatDuration, formatPercent } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { instantWords } from '../moment.ts';
import { badOf } from '../unit-words.ts';
import { inForceAt } from './exclusion-words.ts';

export interface ExclusionNoteProps {
  slo: SloDetail;
  nowMs: number;
  zone: Zone;
}

/** Under the datum: whether time is being excluded now, and what the budget would be without exclusions. */
export function ExclusionNote({ slo, nowMs, zone }: ExclusionNoteProps) {
  const to = useTo();
  const can = useCan();
  const { excluded, inMaintenance } = slo;
  const mayExclude = can('slo:exclude', slo.platformId);
  if (excluded === null && !inMaintenance && !mayExclude) return null;
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-3.5 gap-y-0.5 text-small text-ink-3">
      {inMaintenance && (
        <span className="inline-flex items-center gap-1.5 font-strong text-info">
          <Glyph name="planned" />
          {maintenanceWords(slo, nowMs, zone)}
        </span>
      )}
      {excluded !== null && <span>{adjustedWords(slo, excluded)}</span>}
      <Link to={to(paths.sloExclusions, { slo: slo.id })} className={linkClass}>
        {excluded === null && !inMaintenance ? 'Exclude time' : 'Exclusions'}
      </Link>
    </p>
  );
}

/** `In maintenance until 03:00 UTC: disk swap` */
function maintenanceWords({ marks }: SloDetail, nowMs: number, zone: Zone): string {
  const mark = inForceAt(marks, nowMs);
  if (mark === null) return 'In maintenance';
  const why = mark.detail === '' ? '' : `: ${mark.detail}`;
  if (mark.endAt === null) return `In maintenance${why}`;
  return `In maintenance until ${instantWords(mark.endAt, { zone, nowMs })}${why}`;
}

function adjustedWords({ budget, unit }: SloDetail, excluded: NonNullable<SloDetail['excluded']>): string {
  const left = (ratio: number | null) => (ratio === null ? 'not known' : formatPercent(ratio));
  const time = formatDuration(excluded.minutes * MINUTE_MS);
  return `Raw ${left(excluded.rawLeftRatio)}, adjusted ${left(budget.leftRatio)}: ${time} with ${badOf(excluded.badEvents, unit)} excluded.`;
}
