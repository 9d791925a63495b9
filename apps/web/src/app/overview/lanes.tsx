import type { PlatformLane, SloSummary } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { formatClock } from '../../lib/format.ts';
import { useStableOrder } from '../../lib/stable-order.ts';
import { dayOf, type Zone } from '../../lib/zone.ts';
import { NowLine } from '../../ui/now-line.tsx';
import { RuleAxis, type RuleLabel } from '../../ui/rule.tsx';
import { Lane } from './lane.tsx';
import type { PlatformVerdict } from './verdict.ts';

export interface LanesProps {
  lanes: readonly PlatformLane[];
  /** One per lane, the most urgent first. */
  verdicts: readonly PlatformVerdict[];
  now: number;
  zone: Zone;
  heldAt: string | null;
  slos: readonly SloSummary[];
}

/** The day the lanes were drawn for: the reader's, or while that is on its way the one before. */
function dayDrawn(lanes: readonly PlatformLane[], now: number, zone: Zone): { startAt: number; endAt: number } {
  const own = dayOf(now, zone);
  const startAt = lanes[0]?.dayStartAt ?? own.startAt;
  return startAt === own.startAt ? own : { startAt, endAt: startAt + DAY_MS };
}

function axisLabels({ startAt, endAt }: { startAt: number; endAt: number }, zone: Zone): RuleLabel[] {
  const hours = [0, 4, 8, 12, 16, 20].map((hour) => ({ at: startAt + hour * HOUR_MS, minor: hour % 8 !== 0 }));
  const labels = hours.map(({ at, minor }) => ({
    ratio: (at - startAt) / (endAt - startAt),
    text: formatClock(at, zone),
    minor,
  }));
  const last = formatClock(endAt, zone);
  return [...labels, { ratio: 1, text: last === '00:00' ? '24:00' : last }];
}

function leanestOf(platformId: string, slos: readonly SloSummary[]): SloSummary | null {
  const known = slos.filter((slo) => slo.platformId === platformId && slo.budget.leftRatio !== null);
  return known.toSorted((a, b) => (a.budget.leftRatio ?? 0) - (b.budget.leftRatio ?? 0))[0] ?? null;
}

/** Every platform over the same day, on the edges of the rule under the header, one now-line through all. */
export function Lanes({ lanes, verdicts, now, zone, heldAt, slos }: LanesProps) {
  const byId = new Map(lanes.map((lane) => [lane.platformId, lane]));
  const wanted = verdicts.flatMap((verdict) => {
    const lane = byId.get(verdict.platformId);
    return lane ? [{ lane, verdict }] : [];
  });
  const { rows, hold } = useStableOrder(wanted, ({ lane }) => lane.platformId);
  const day = dayDrawn(lanes, now, zone);
  const spanMs = day.endAt - day.startAt;
  const nowRatio = (now - day.startAt) / spanMs;
  return (
    <div className="mt-[22px]" {...hold}>
      <div className="relative border-t border-ink">
        <NowLine ratio={nowRatio} className="-top-px" />
        {rows.map(({ lane, verdict }) => (
          <Lane
            key={lane.platformId}
            lane={lane}
            verdict={verdict}
            leanest={leanestOf(lane.platformId, slos)}
            now={now}
            zone={zone}
            heldAt={heldAt}
            day={day}
          />
        ))}
      </div>
      <RuleAxis units={Math.round(spanMs / HOUR_MS)} nowRatio={Math.min(1, nowRatio)} labels={axisLabels(day, zone)} />
    </div>
  );
}
