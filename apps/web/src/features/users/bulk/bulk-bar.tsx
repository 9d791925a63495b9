import type { BulkAct, DirectoryRow } from '@qd/shared/users';
import { lazy, Suspense, useState } from 'react';
import { useKey } from '../../../lib/keys.ts';
import { useCan } from '../../../lib/use-can.ts';
import type { Selection } from '../../../lib/use-selection.ts';
import { Button } from '../../../ui/button.tsx';
import { bulkActs, bulkWords, peopleWords } from './bulk-words.ts';

const BulkDialog = lazy(() => import('./bulk-dialog.tsx').then((m) => ({ default: m.BulkDialog })));

export interface BulkBarProps {
  selection: Selection;
  /** The rows read so far: names of those chosen. */
  rows: readonly DirectoryRow[];
  now: number;
}

/** What can be done to those chosen, all at once. */
export function BulkBar({ selection, rows, now }: BulkBarProps) {
  const can = useCan();
  const [act, setAct] = useState<BulkAct | null>(null);
  const count = selection.ids.size;
  useKey('escape', 'Choose nobody', selection.clear, count > 0 && act === null);
  if (count === 0) return null;
  return (
    <div
      role="region"
      aria-label="Acts on those chosen"
      className="sticky bottom-3 z-10 mt-3 flex flex-wrap items-center gap-2 rounded-3 border border-line-2 bg-raised px-3 py-2 shadow-overlay phone:bottom-[72px]"
    >
      <b role="status">{peopleWords(count)} chosen</b>
      <span className="ml-auto flex flex-wrap gap-2">
        {bulkActs.map((one) => (
          <Button
            key={one}
            size="s"
            variant={bulkWords[one].danger ? 'danger' : 'default'}
            disabledReason={
              can(bulkWords[one].permission)
                ? undefined
                : `Your role does not ${bulkWords[one].verb.toLowerCase()} people.`
            }
            onClick={() => setAct(one)}
          >
            {bulkWords[one].verb}
          </Button>
        ))}
        <Button size="s" variant="ghost" kbd="Esc" onClick={selection.clear}>
          Clear
        </Button>
      </span>
      {act !== null && (
        <Suspense>
          <BulkDialog
            act={act}
            ids={[...selection.ids]}
            rows={rows}
            now={now}
            onDone={selection.clear}
            onClose={() => setAct(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
