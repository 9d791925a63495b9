import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { useMemo } from 'react';
import { formatClock, formatDay, formatDuration, formatPercent } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { budgetPart } from '../budget-words.ts';
import type { BurnDownModel, PanelModel } from './panel-model.ts';
import { drawnPercent, type ChartPoint } from './series.ts';

export interface BurnTableProps {
  model: BurnDownModel;
  budgetMs: number;
  zone: Zone;
}

interface Row {
  key: string;
  part: string;
  when: string;
  percent: number | null;
  ideal: number | null;
  events: string;
}

/** The picture as figures: the last value of each day, and each minute of the enlarged hour. */
export function BurnTable({ model, budgetMs, zone }: BurnTableProps) {
  const rows = useMemo(() => tableRows(model, zone), [model, zone]);
  const columns: Column<Row>[] = [
    { key: 'when', head: 'When', cell: (row) => row.when, rowHead: true, width: '24%' },
    { key: 'left', head: 'Left', align: 'right', cell: (row) => percentText(row.percent) },
    {
      key: 'part',
      head: 'As time',
      align: 'right',
      cell: (row) => (row.percent === null ? '' : budgetPart((row.percent / 100) * budgetMs, budgetMs)),
    },
    {
      key: 'ideal',
      head: 'Ideal',
      align: 'right',
      hide: 'phone',
      cell: (row) => (row.ideal === null ? '' : percentText(row.ideal)),
    },
    { key: 'events', head: 'What happened', cell: (row) => row.events, width: '40%' },
  ];
  return (
    <DataTable
      caption="Error budget left over time"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      groupBy={(row) => ({ key: row.part, head: row.part })}
      density="compact"
      pageKeys={false}
      maxHeight="376px"
    />
  );
}

function percentText(percent: number | null): string {
  return percent === null ? 'not measured' : formatPercent(percent / 100);
}

function tableRows(model: BurnDownModel, zone: Zone): Row[] {
  const { asOf, window } = model.series;
  const step = window.windowMs >= 3 * DAY_MS ? DAY_MS : window.windowMs / 24;
  const windowRows = panelRows(model.window, step, 'Whole window', (at) =>
    step >= DAY_MS ? formatDay(at, zone, asOf) : formatClock(at, zone),
  );
  const lensRows =
    model.lens === null
      ? []
      : panelRows(model.lens, MINUTE_MS, 'This hour', (at) => formatClock(at, zone, { withZone: true }));
  return [...lensRows, ...windowRows].map((row) => ({ ...row, key: `${row.part} ${row.key}` }));
}

/** The last point of each step that has passed, newest first. */
function panelRows(panel: PanelModel, step: number, part: string, textOf: (at: number) => string): Row[] {
  const lastOf = new Map<number, ChartPoint>();
  const measured = panel.points.filter((point) => drawnPercent(point) !== null || point.ideal === null);
  for (const point of measured) {
    if (point.at < panel.range.startAt || point.at > panel.range.endAt) continue;
    lastOf.set(Math.ceil((point.at - panel.range.startAt) / step), point);
  }
  return [...lastOf.entries()]
    .toSorted(([a], [b]) => b - a)
    .map(([slot, point]) => ({
      key: String(slot),
      part,
      when: textOf(point.at),
      percent: drawnPercent(point),
      ideal: point.ideal,
      events: [...marksIn(panel, step, slot), ...bandsIn(panel, step, slot)].join(', '),
    }));
}

function marksIn(panel: PanelModel, step: number, slot: number): string[] {
  return panel.marks
    .filter((mark) => Math.ceil((mark.at - panel.range.startAt) / step) === slot)
    .map((mark) => mark.text);
}

/** Time that does not count, named in every step it touches. */
function bandsIn(panel: PanelModel, step: number, slot: number): string[] {
  const end = panel.range.startAt + slot * step;
  return panel.bands
    .filter((band) => band.startAt < end && band.endAt > end - step)
    .map(
      (band) =>
        `${formatDuration(Math.min(band.endAt, end) - Math.max(band.startAt, end - step))} excluded, ${band.text}`,
    );
}
