import type { Mark } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import { formatClock, formatDay } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { dayOf, type Zone } from '../../lib/zone.ts';
import { DayRule, type DayMark } from '../../ui/day-rule.tsx';

const DayTable = lazy(() => import('./day-table.tsx').then((m) => ({ default: m.DayTable })));

/** A mark as the rule draws it: an incident that is open or lasted is a bracket, everything else a glyph. */
function toDayMark(mark: Mark, now: number): DayMark {
  const label = mark.detail === '' ? mark.label : `${mark.label}: ${mark.detail}`;
  const at = new Date(mark.at);
  if (mark.kind === 'deploy') return { at, glyph: 'flag', label };
  const endAt = mark.endAt ?? (mark.open ? now : null);
  return { at, glyph: 'incident', label, endAt: endAt === null ? undefined : new Date(endAt) };
}

function summaryOf(marks: readonly Mark[], zone: Zone): string {
  const parts = marks.map((mark) => {
    const what = mark.severity === null ? mark.label : `${mark.severity} incident`;
    return `${what} ${mark.open ? 'since' : 'at'} ${formatClock(mark.at, zone)}`;
  });
  const events = parts.length === 0 ? 'no deploys or incidents' : parts.slice(0, 6).join(', ');
  return `Today in ${zone.label}: ${events}`;
}

/** Today under the header of every page: the events that really happened, and now. */
export function Day() {
  const trpc = useTRPC();
  const can = useCan();
  const now = useNow(1_000);
  const { zone } = useTimeZone();
  const [platform] = usePlatformScope();
  const [open, setOpen] = useState(false);
  const { startAt, endAt } = dayOf(now, zone);
  const { data } = useQuery(
    trpc.changes.day.queryOptions(
      { dayStartAt: startAt, ...(platform !== null && { platform }) },
      { enabled: can('changes:read') },
    ),
  );
  const marks = data?.marks ?? [];
  return (
    <div className="max-w-[1720px] px-gutter">
      <DayRule
        startAt={new Date(startAt)}
        endAt={new Date(endAt)}
        now={new Date(now)}
        formatHour={(at) => formatClock(at.getTime(), zone)}
        marks={marks.map((mark) => toDayMark(mark, now))}
        nowLabel={formatClock(now, zone, { seconds: true, withZone: true })}
        summary={summaryOf(marks, zone)}
        onOpenTable={() => setOpen(true)}
      />
      <Suspense>
        {open && (
          <DayTable
            title={`Events of ${formatDay(startAt, zone, now)}`}
            marks={marks}
            zone={zone}
            now={now}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </div>
  );
}
