import type { SlotView } from '@qd/shared/oncall';
import { useUrlParams } from '../../lib/url-state.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SectionHead } from '../../ui/section-head.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ExportButton, type SlotQuery } from './export-button.tsx';
import { pageParams, showOf } from './page-params.ts';
import { SlotTable, type SlotTableProps } from './slot-table.tsx';

export interface SlotsSectionProps extends Omit<SlotTableProps, 'empty'> {
  rows: readonly SlotView[];
  query: SlotQuery;
  more: { isLoading: boolean; load(): void } | null;
  /** True where the reader may put people on call. */
  mayAdd: boolean;
  onAdd(): void;
}

/** The slots to come, or those of the last 30 days, one by one. */
export function SlotsSection({ query, more, mayAdd, onAdd, ...table }: SlotsSectionProps) {
  const [values, set] = useUrlParams(pageParams);
  const show = showOf(values.show);
  return (
    <section aria-labelledby="oncall-slots" className="mt-6">
      <SectionHead
        id="oncall-slots"
        title="Slots"
        actions={
          <>
            <Segmented
              label="Which slots are shown"
              size="s"
              value={show}
              onChange={(next) => set({ show: next === 'coming' ? null : next })}
              options={[
                { value: 'coming', label: 'Next 14 d' },
                { value: 'past', label: 'Last 30 d' },
              ]}
            />
            <ExportButton query={query} />
            {mayAdd && (
              <Button variant="primary" icon="plus" kbd="N" onClick={onAdd}>
                Put on call
              </Button>
            )}
          </>
        }
      />
      <SlotTable {...table} empty={<Nothing isPast={show === 'past'} mayAdd={mayAdd} />} />
      {more !== null && (
        <Button className="mt-3" pending={more.isLoading} onClick={more.load}>
          {more.isLoading ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </section>
  );
}

function Nothing({ isPast, mayAdd }: { isPast: boolean; mayAdd: boolean }) {
  if (isPast) return <EmptyState title="Nobody was on call here in the last 30 d." />;
  return (
    <EmptyState title="Nobody is put on call here yet.">
      {mayAdd
        ? 'Put somebody on call for a platform from a time to a time; they are told by mail.'
        : 'Commanders, admins and owners put people on call.'}
    </EmptyState>
  );
}
