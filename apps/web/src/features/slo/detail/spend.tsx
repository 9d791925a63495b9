import type { SloDetail } from '@qd/shared/slo';
import { Link } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadText, fileDay } from '../../../lib/download.ts';
import { formatPercent } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import type { Zone } from '../../../lib/zone.ts';
import { cx } from '../../../ui/class-names.ts';
import { linkClass } from '../../../ui/link.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { budgetOf, budgetPart } from '../budget-words.ts';
import { excludeParams } from '../exclusions/exclude-params.ts';
import { badOf } from '../unit-words.ts';
import { CauseLink } from './cause/cause-link.tsx';
import { wouldHaveCost } from './cause/cost-words.ts';
import { isCode, MarkBadge } from './mark-badge.tsx';
import { spendCsv } from './spend-csv.ts';
import { spendRows, type SpendRow } from './spend-rows.ts';

export interface SpendProps {
  slo: Pick<SloDetail, 'id' | 'platformId' | 'budget' | 'spend' | 'unit'>;
  zone: Zone;
  nowMs: number;
}

/** What spent the budget: one bar, and what each cause cost. */
export function Spend({ slo, zone, nowMs }: SpendProps) {
  const { budget, unit } = slo;
  const can = useCan();
  const excludeFor = can('slo:exclude', slo.platformId) ? slo.id : null;
  const rows = spendRows(slo.spend, zone, nowMs);
  const spent = budget.spentRatio;
  const save = () => downloadText(`${slo.id}-causes-${fileDay(serverNow())}.csv`, spendCsv(slo.spend), 'text/csv');
  return (
    <section>
      <SectionHead
        title="What spent it"
        note={
          spent === null
            ? 'not known'
            : `${budgetOf(spent * budget.budgetMs, budget.budgetMs)}, ${formatPercent(spent)}, ${badOf(budget.badEvents, unit)}`
        }
        actions={rows.length > 0 && <CsvButton of="causes" save={save} />}
      />
      {rows.length === 0 ? (
        <p className="border-t border-ink py-3 text-ink-2">
          {spent === null
            ? 'Nothing is measured yet, so nothing can be told apart.'
            : `Nothing. Not one ${unit === 'minutes' ? 'minute of this window was bad' : 'event in this window failed'}.`}
        </p>
      ) : (
        <>
          <SpendBar rows={rows} spentRatio={spent ?? 0} />
          <SpendTable rows={rows} budgetMs={budget.budgetMs} excludeFor={excludeFor} />
        </>
      )}
    </section>
  );
}

function SpendBar({ rows, spentRatio }: { rows: readonly SpendRow[]; spentRatio: number }) {
  const whole = Math.max(1, spentRatio);
  const counted = rows.filter((row) => row.colour !== null);
  const words = counted.map((row) => `${row.item.label} ${formatPercent(row.item.budgetRatio)}`).join(', ');
  return (
    <div role="img" aria-label={`Budget by cause: ${words}`} className="mb-1 flex h-5 gap-0.5">
      {counted.map((row) => (
        <i
          key={row.key}
          className="block min-w-px"
          style={{ width: `${(row.item.budgetRatio / whole) * 100}%`, background: row.colour ?? undefined }}
        />
      ))}
      {spentRatio < 1 && (
        <i className="block border border-dashed border-line-strong" style={{ width: `${(1 - spentRatio) * 100}%` }} />
      )}
    </div>
  );
}

interface SpendTableProps {
  rows: readonly SpendRow[];
  budgetMs: number;
  /** The objective time may be excluded from, or null for those who may not. */
  excludeFor: string | null;
}

function SpendTable({ rows, budgetMs, excludeFor }: SpendTableProps) {
  return (
    <table className="qd-table [&_td]:border-b [&_td]:border-line [&_td]:py-[7px] [&_th]:border-b [&_th]:border-line">
      <caption className="sr-only">Cost of each cause in the budget</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Colour</th>
          <th scope="col">Kind</th>
          <th scope="col">Cause</th>
          <th scope="col">When</th>
          <th scope="col">As time</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <SpendLine key={row.key} row={row} budgetMs={budgetMs} excludeFor={excludeFor} />
        ))}
      </tbody>
    </table>
  );
}

function SpendLine({ row, budgetMs, excludeFor }: { row: SpendRow } & Omit<SpendTableProps, 'rows'>) {
  const { item } = row;
  const to = useTo();
  const exclude = excludeFor === null ? null : excludeParams(item, excludeFor);
  return (
    <tr className="relative">
      <td className="w-[26px] pl-0! phone:hidden">
        <i
          className={cx('block size-2.5', row.colour === null && 'qd-zone-excluded border-b-2 border-info')}
          style={{ background: row.colour ?? undefined }}
        />
      </td>
      <td className="w-12 phone:pl-0!">
        <MarkBadge mark={item.mark} />
      </td>
      <th scope="row" className="py-[7px]!">
        <CauseLink to={row.cause} className={cx('font-semibold', isCode(item.label) && 'mono')}>
          {item.label}
        </CauseLink>
        <div className="text-ink-2">
          {item.detail}
          {item.excluded !== null && `; ${wouldHaveCost(item.excluded, budgetMs)}`}
        </div>
      </th>
      <td className="whitespace-nowrap text-ink-2 phone:hidden">
        {row.when}
        {exclude !== null && (
          <div className="relative text-small">
            <Link
              to={to(paths.sloExclusions, exclude)}
              className={linkClass}
              aria-label={`Exclude the time of ${item.label}`}
            >
              Exclude
            </Link>
          </div>
        )}
      </td>
      <td data-align="right" className="font-semibold whitespace-nowrap">
        {budgetPart(item.budgetMs, budgetMs)}
      </td>
      <td data-align="right" className="pr-0! whitespace-nowrap text-ink-2 phone:hidden">
        {formatPercent(item.budgetRatio)}
      </td>
    </tr>
  );
}
