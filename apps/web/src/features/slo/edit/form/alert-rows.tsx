import type { PlannedBurnRow, SloPreview } from '@qd/shared/slo';
import { formatTimes } from '../../../../lib/format.ts';
import { cx } from '../../../../ui/class-names.ts';
import { lengthWords } from '../describe-definition.ts';
import { costWords, detectionWords, firingsOf, type PlanLine } from './alert-plan.ts';

/** The rows a policy asks for, each with its cost and when a full outage would fire it. */
export function AlertRows({ lines, preview }: { lines: readonly PlanLine[]; preview: SloPreview | null }) {
  const plans = lines.flatMap(({ plan }) => (plan === null ? [] : [plan]));
  if (plans.length === 0) return <p className="text-ink-2">No row fits: choose a target and a window first.</p>;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Alert rows">
      <table className="qd-table [&_:is(th,td):first-child]:pl-0! [&_td]:whitespace-nowrap" data-density="compact">
        <caption className="sr-only">Alert rows and what they cost</caption>
        <thead>
          <tr>
            <th scope="col" className="static! bg-transparent!">
              Windows
            </th>
            <th scope="col" data-align="right" className="static! bg-transparent!">
              Limit
            </th>
            <th scope="col" data-align="right" className="static! bg-transparent!">
              Budget gone
            </th>
            <th scope="col" className="static! bg-transparent!">
              Full outage fires
            </th>
            <th scope="col" className="static! bg-transparent!">
              Calls
            </th>
            {preview !== null && (
              <th scope="col" data-align="right" className="static! bg-transparent!">
                Would have fired
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {plans.map((plan) => (
            <Row key={`${plan.shortMs}-${plan.longMs}`} plan={plan} preview={preview} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ plan, preview }: { plan: PlannedBurnRow; preview: SloPreview | null }) {
  const out = plan.problem !== null;
  return (
    <tr className={cx(out && 'text-ink-3')}>
      <td>
        {lengthWords(plan.shortMs)} and {lengthWords(plan.longMs)}
      </td>
      <td data-align="right">{formatTimes(plan.limit)}</td>
      <td data-align="right">{costWords(plan)}</td>
      <td className={cx(out && 'text-warn')}>{detectionWords(plan)}</td>
      <td>{plan.severity === 'page' ? 'Page' : 'Ticket'}</td>
      {preview !== null && <td data-align="right">{firingWords(firingsOf(plan, preview))}</td>}
    </tr>
  );
}

/** `3 times`, `once`, `never`. */
export function firingWords(firings: number | null): string {
  if (firings === null) return 'not known';
  if (firings < 2) return firings === 1 ? 'once' : 'never';
  return `${firings} times`;
}
