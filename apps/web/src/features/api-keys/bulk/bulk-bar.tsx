import type { KeyListRow } from '@qd/shared/api-keys';
import { lazy, Suspense, useState } from 'react';
import { useKey } from '../../../lib/keys.ts';
import type { Selection } from '../../../lib/use-selection.ts';
import { Button } from '../../../ui/button.tsx';
import { bulkWords, keysWords, type BulkAct } from './bulk-words.ts';

const BulkDialog = lazy(() => import('./bulk-dialog.tsx').then((m) => ({ default: m.BulkDialog })));

export interface BulkBarProps {
  selection: Selection;
  /** The rows read so far. */
  rows: readonly KeyListRow[];
}

/** What can be done to the keys chosen, all at once. */
export function BulkBar({ selection, rows }: BulkBarProps) {
  const [act, setAct] = useState<BulkAct | null>(null);
  const count = selection.ids.size;
  useKey('escape', 'Choose no key', selection.clear, count > 0 && act === null);
  if (count === 0) return null;
  return (
    <div
      role="region"
      aria-label="Acts on those chosen"
      className="sticky bottom-3 z-10 mt-3 flex flex-wrap items-center gap-2 rounded-3 border border-line-2 bg-raised px-3 py-2 shadow-overlay phone:bottom-[72px]"
    >
      <b role="status">{keysWords(count)} chosen</b>
      <span className="ml-auto flex flex-wrap gap-2">
        {(['remind', 'revoke'] as const).map((one) => (
          <Button key={one} size="s" variant={bulkWords[one].danger ? 'danger' : 'default'} onClick={() => setAct(one)}>
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
            onDone={selection.clear}
            onClose={() => setAct(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
