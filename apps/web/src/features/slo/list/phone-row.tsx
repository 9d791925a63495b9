import { Link } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { rowLinkClass } from '../../../ui/link.tsx';
import { SloStateWord } from '../slo-state-word.tsx';
import { BudgetGauge, LeftCell, RowNotes } from './row-cells.tsx';
import type { SloRow } from './row-view.ts';

/** A row on the phone: name and what it counts, the state, the gauge, what is left. */
export function PhoneRow({ row }: { row: SloRow }) {
  const to = useTo();
  const { slo } = row;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_104px_52px] items-center gap-x-2.5 gap-y-0.5">
      <div className="col-1 row-span-2 min-w-0">
        <Link to={to(paths.slo(slo.id))} className={rowLinkClass}>
          {slo.name}
        </Link>
        <div className="truncate text-small text-ink-3">{slo.description}</div>
      </div>
      <div className="col-[2/4] justify-self-end">
        <SloStateWord slo={slo} />
      </div>
      <BudgetGauge row={row} />
      <div className="text-right">
        <LeftCell row={row} />
      </div>
      <div className="col-[1/-1]">
        <RowNotes row={row} />
      </div>
    </div>
  );
}
