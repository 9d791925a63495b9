import type { CoverageGap, PlatformGaps } from '@qd/shared/oncall';
import { formatDuration } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useCan } from '../../lib/use-can.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { SectionHead } from '../../ui/section-head.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { gapSpanWords } from './oncall-words.ts';

/** A gap with the platform it is of. */
export interface PlatformGap extends CoverageGap {
  platform: string;
  name: string;
}

const SHOWN = 12;

/** Time without a primary in the next 14 days, the nearest first, each with the way to fill it. */
export function GapTable({
  gaps,
  nowMs,
  onFill,
}: {
  gaps: readonly PlatformGaps[];
  nowMs: number;
  onFill(gap: PlatformGap): void;
}) {
  const can = useCan();
  const { zone } = useTimeZone();
  const all = gaps
    .flatMap(({ platform, name, gaps: own }) => own.map((gap) => ({ ...gap, platform, name })))
    .filter((gap) => gap.endsAt > nowMs)
    .toSorted((a, b) => a.startsAt - b.startsAt);
  if (all.length === 0) return null;
  const count = gaps.reduce((sum, { gapCount }) => sum + gapCount, 0);
  const shown = all.slice(0, SHOWN);
  const when = (gap: PlatformGap) => gapSpanWords(gap, { zone, nowMs });
  const fill = (gap: PlatformGap) =>
    can('oncall:write', gap.platform) && (
      <Button size="s" aria-label={`Fill: ${gap.name}, ${when(gap)}`} onClick={() => onFill(gap)}>
        Fill
      </Button>
    );
  const columns: Column<PlatformGap>[] = [
    { key: 'platform', head: 'Platform', width: '18%', rowHead: true, cell: (gap) => gap.name },
    { key: 'when', head: 'Without a primary', cell: when },
    { key: 'length', head: 'Length', width: '110px', align: 'right', cell: (gap) => lengthOf(gap, nowMs) },
    { key: 'who', head: 'Who is there', width: '24%', cell: (gap) => <Who gap={gap} /> },
    { key: 'fill', head: <span className="sr-only">Act</span>, width: '72px', align: 'right', cell: fill },
  ];
  return (
    <section aria-labelledby="oncall-gaps" className="mt-6">
      <SectionHead
        id="oncall-gaps"
        title="Gaps"
        note={count > shown.length ? `next 14 d, the first ${shown.length} of ${count}` : 'next 14 d'}
      />
      <DataTable
        caption="Time without a primary"
        columns={columns}
        rows={shown}
        rowKey={(gap) => `${gap.platform} ${gap.startsAt}`}
        pageKeys={false}
        renderPhone={(gap) => (
          <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3">
            <div className="min-w-0">
              <span className="font-semibold">{gap.name}</span>
              <div>{when(gap)}</div>
              <Who gap={gap} />
            </div>
            {fill(gap)}
          </div>
        )}
      />
    </section>
  );
}

function Who({ gap }: { gap: PlatformGap }) {
  return gap.hasSecondary ? (
    <StatusWord tone="warn">A secondary only</StatusWord>
  ) : (
    <StatusWord tone="crit">Nobody</StatusWord>
  );
}

const lengthOf = ({ startsAt, endsAt }: CoverageGap, nowMs: number): string =>
  formatDuration(endsAt - Math.max(startsAt, nowMs));
