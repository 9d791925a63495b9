import type { KeyListRow } from '@qd/shared/api-keys';
import { lazy, Suspense } from 'react';
import { BulkBar } from '../../../lib/bulk-bar.tsx';
import type { Selection } from '../../../lib/use-selection.ts';
import { bulkActs, bulkWords, keysWords } from './bulk-words.ts';

const KeysDialog = lazy(() => import('./keys-dialog.tsx').then((m) => ({ default: m.KeysDialog })));
const RotateManyDialog = lazy(() => import('./rotate-many-dialog.tsx').then((m) => ({ default: m.RotateManyDialog })));

export interface KeysBarProps {
  selection: Selection;
  /** The rows read so far. */
  rows: readonly KeyListRow[];
}

/** What can be done to the keys chosen. */
export function KeysBar({ selection, rows }: KeysBarProps) {
  return (
    <BulkBar
      selection={selection}
      words={keysWords}
      none="Choose no key"
      acts={bulkActs.map((act) => ({ act, verb: bulkWords[act].verb, danger: bulkWords[act].danger }))}
      dialog={({ act, ...asked }) => (
        <Suspense>
          {act === 'rotate' ? <RotateManyDialog {...asked} /> : <KeysDialog act={act} rows={rows} {...asked} />}
        </Suspense>
      )}
    />
  );
}
