import type { BurnRow } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import type { ReactNode } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadText, fileDay } from '../../../lib/download.ts';
import { formatDecimal, formatDuration, formatPercent, formatTimes } from '../../../lib/format.ts';
import { cx } from '../../../ui/class-names.ts';
import { SectionHead } from '../../../ui/section-head.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import type { SloUnit } from '../unit-words.ts';
import { burnCsv } from './burn-csv.ts';
import { burnShare, rowLook, spanName } from './burn-scale.ts';

export interface BurnRateTableProps {
  /** Id of the objective, for the name of a file. */
  slo: string;
  rows: readonly BurnRow[];
  /** Share of events that may fail, in percent: 0.05 for an objective of 99.95. */
  allowedPercent: number;
  /** Figures are old: grey. */
  stale: boolean;
  /** What a burn counts: `error ratio` of events, or of minutes. */
  unit: SloUnit;
  /** The alerts that fire now, above the rows. */
  children?: ReactNode;
}

/** Every alert row with both its windows on one log scale; it fires when both are over the mark. */
export function BurnRateTable({ slo, rows, allowedPercent, stale, unit, children }: BurnRateTableProps) {
  const save = () => downloadText(`${slo}-burn-rates-${fileDay(serverNow())}.csv`, burnCsv(rows), 'text/csv');
  return (
    <section>
      <SectionHead
        title="Burn rate"
        note="alert fires when both windows are over"
        actions={rows.length > 0 && <CsvButton of="burn rates" save={save} />}
      />
      {children}
      {rows.length === 0 ? (
        <p className="border-t border-ink py-3 text-ink-2">
          No alert row fits this objective: its limit could never be reached.
        </p>
      ) : (
        <table className="qd-table table-fixed [&_td]:border-b [&_td]:border-line">
          <caption className="sr-only">Burn rate per alert row</caption>
          <colgroup>
            <col className="w-[28%]" />
            <col className="w-[31%]" />
            <col className="w-[14%]" />
            <col className="w-[27%]" />
          </colgroup>
          <thead>
            <tr>
              <th scope="col" className="pl-0!">
                Short window
              </th>
              <th scope="col">Long window</th>
              <th scope="col" data-align="right">
                Limit
              </th>
              <th scope="col" data-align="right" className="pr-0!">
                Alert
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BurnLine key={`${row.shortMs}-${row.longMs}-${row.limit}`} row={row} stale={stale} />
            ))}
          </tbody>
        </table>
      )}
      <p className="mt-2 text-small text-ink-3">
        Burn rate is {unit === 'minutes' ? 'share of bad minutes' : 'error ratio'} ÷ {formatDecimal(allowedPercent, 4)}
        %. Bars are on a log scale; the mark is the limit. Under a limit stands the share of the budget that is gone
        when it fires, beside a long window what it really spent.
      </p>
    </section>
  );
}

function BurnLine({ row, stale }: { row: BurnRow; stale: boolean }) {
  const look = rowLook(stale ? { ...row, state: 'unknown', excludedMinutes: 0 } : row);
  return (
    <tr className="[&>td]:align-top">
      <td className="pl-0!">
        <BurnBar burn={row.shortBurn} limit={row.limit} look={barLook(row, row.shortBurn, stale)}>
          {spanName(row.shortMs)}
        </BurnBar>
      </td>
      <td>
        <BurnBar burn={row.longBurn} limit={row.limit} look={barLook(row, row.longBurn, stale)}>
          {longWords(row)}
        </BurnBar>
        {row.excludedMinutes > 0 && (
          <div className="text-micro text-ink-3">{formatDuration(row.excludedMinutes * MINUTE_MS)} excluded</div>
        )}
      </td>
      <td data-align="right">
        <div className="text-micro whitespace-nowrap text-ink-3">{formatDecimal(row.budgetShareRatio * 100, 1)}%</div>
        {formatTimes(row.limit)}
      </td>
      <td data-align="right" className="pr-0!">
        <div className="text-micro whitespace-nowrap text-ink-3">{look.why}</div>
        <span title={look.means}>
          <StatusWord tone={look.tone} glyph={look.glyph}>
            {look.word}
          </StatusWord>
        </span>
      </td>
    </tr>
  );
}

/** `1 h, 61.2% spent`. */
function longWords({ longMs, spentShareRatio }: BurnRow): string {
  const spent = spentShareRatio === null ? '' : `, ${formatPercent(spentShareRatio)} spent`;
  return spanName(longMs) + spent;
}

type BarLook = 'calm' | 'over' | 'stale';

/** Red only where the row may be judged: a few events over the limit prove nothing. */
function barLook(row: BurnRow, burn: number | null, stale: boolean): BarLook {
  if (stale || row.state === 'unknown') return 'stale';
  return burn !== null && burn > row.limit && row.state !== 'held' ? 'over' : 'calm';
}

const barColours: Record<BarLook, string> = { calm: 'bg-water-line', over: 'bg-crit-fill', stale: 'bg-stale-fill' };

type BurnBarProps = { burn: number | null; limit: number; look: BarLook; children: ReactNode };

/** One window: its length above, its burn on the log scale and as a figure. */
function BurnBar({ burn, limit, look, children }: BurnBarProps) {
  return (
    <>
      <div className="text-micro whitespace-nowrap text-ink-3 [font-stretch:92%]">{children}</div>
      <div className="grid grid-cols-[minmax(0,1fr)_48px] items-center gap-2 phone:grid-cols-[minmax(0,1fr)_44px] phone:gap-1">
        <span className="relative block h-2 border-b border-line-2" aria-hidden="true">
          {burn !== null && (
            <i
              className={cx('absolute top-px bottom-0 left-0', barColours[look])}
              style={{ width: `${burnShare(burn) * 100}%` }}
            />
          )}
          <i
            className="absolute -inset-y-[3px] w-0.5 bg-ink outline outline-canvas"
            style={{ left: `${burnShare(limit) * 100}%` }}
          />
        </span>
        <b className={cx('text-right', look === 'stale' && 'text-stale')}>{burn === null ? '–' : formatTimes(burn)}</b>
      </div>
    </>
  );
}
