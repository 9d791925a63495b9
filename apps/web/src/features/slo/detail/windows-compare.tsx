import type { Budget, SloDetail } from '@qd/shared/slo';
import { formatCount, formatLevel, formatPercent } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { SectionHead } from '../../../ui/section-head.tsx';
import { budgetOf, budgetPart } from '../budget-words.ts';
import type { SloUnit } from '../unit-words.ts';
import { windowChoices, windowName, windowSubject } from '../window-words.ts';
import { exhaustionWords } from './forecast-words.ts';
import { bigCount, boundsWords } from './measured-words.ts';

interface Row {
  name: string;
  of(budget: Budget): string;
}

/** Every window side by side: the same events, counted from different starts. The first is the one that decides. */
export function WindowsCompare({ slo, zone, nowMs }: { slo: SloDetail; zone: Zone; nowMs: number }) {
  const choices = windowChoices(slo, { zone, nowMs });
  const { words, isPlural } = windowSubject(slo.budget.window, nowMs);
  const many = choices.length > 2;
  return (
    <section>
      <SectionHead
        title={many ? 'Windows' : choices.length === 2 ? 'Window and rolling' : 'Window'}
        note={`${words} ${isPlural ? 'decide' : 'decides'}`}
      />
      <div
        // Many windows scroll sideways, and must be reachable by keyboard.
        {...(many ? { tabIndex: 0, role: 'group', 'aria-label': 'Windows compared' } : {})}
        className={many ? 'overflow-x-auto' : undefined}
      >
        <table className="qd-table [&_thead_th]:static! [&_tbody_td]:border-b [&_tbody_td]:border-line [&_tbody_td]:py-[5px] [&_tbody_th]:border-b [&_tbody_th]:border-line [&_tbody_th]:py-[5px]">
          <caption className="sr-only">The budget counted from different starts</caption>
          <thead>
            <tr>
              <th scope="col" className="pl-0!">
                <span className="sr-only">Figure</span>
              </th>
              {choices.map(({ key, budget }) => (
                <th key={key ?? 'deciding'} scope="col" data-align="right" className="whitespace-normal! last:pr-0!">
                  {windowName(budget.window, zone, nowMs)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rowsOf(slo, { zone, nowMs }).map((row, i) => (
              <tr key={row.name} className={i === 0 ? 'font-semibold' : undefined}>
                <th scope="row" className="pl-0! text-ink-2!">
                  {row.name}
                </th>
                {choices.map(({ key, budget }) => (
                  <td key={key ?? 'deciding'} data-align="right" className="last:pr-0!">
                    {row.of(budget)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function rowsOf(slo: SloDetail, now: { zone: Zone; nowMs: number }): Row[] {
  const { budget, rolling, others, unit, excluded, forecast } = slo;
  const rows: Row[] = [{ name: 'Left', of: leftText }];
  if (excluded !== null) {
    const raw = excluded.rawLeftRatio;
    rows.push({
      name: 'Left, nothing excluded',
      of: (one) => (one === budget ? (raw === null ? 'not known' : formatPercent(raw)) : ''),
    });
  }
  rows.push(
    { name: 'As time', of: timeText },
    { name: 'Good so far', of: (one) => (one.sliPercent === null ? 'not known' : formatLevel(one.sliPercent)) },
    { name: unit === 'minutes' ? 'Bad minutes' : 'Bad events', of: (one) => formatCount(one.badEvents) },
    { name: 'Counted against', of: (one) => against(one, unit) },
    { name: 'Measured', of: (one) => formatPercent(one.coverageRatio) },
  );
  if (budget.window.view === 'rolling') {
    rows.push(
      {
        name: 'Gone at this burn',
        of: (one) => (one === budget ? exhaustionWords(forecast.atCurrentBurn, now) : ''),
      },
      { name: 'Gone after roll-off', of: (one) => (one === budget ? exhaustionWords(forecast.afterRollOff, now) : '') },
    );
  }
  if ([budget, rolling, ...others].some((one) => one.bounds !== null)) {
    rows.push({ name: 'Gaps bad to good', of: (one) => boundsWords(one) ?? 'no gaps' });
  }
  return rows;
}

function against({ expectedEvents, estimated }: Budget, unit: SloUnit): string {
  const count = unit === 'minutes' ? `${formatCount(expectedEvents)} min` : bigCount(expectedEvents);
  return `${count}${estimated ? ', estimated' : ''}`;
}

function leftText(budget: Budget): string {
  return budget.leftRatio === null ? 'not known' : formatPercent(budget.leftRatio);
}

function timeText({ leftMs, budgetMs }: Budget): string {
  if (leftMs === null) return 'not known';
  return leftMs < 0 ? `${budgetPart(-leftMs, budgetMs)} over` : budgetOf(leftMs, budgetMs);
}
