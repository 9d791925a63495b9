import type { DirectoryRow } from '@qd/shared/users';
import { lazy, Suspense } from 'react';
import { BulkBar } from '../../../lib/bulk-bar.tsx';
import { useCan } from '../../../lib/use-can.ts';
import type { Selection } from '../../../lib/use-selection.ts';
import { bulkActs, bulkWords, peopleWords } from './bulk-words.ts';

const PeopleDialog = lazy(() => import('./people-dialog.tsx').then((m) => ({ default: m.PeopleDialog })));

export interface PeopleBarProps {
  selection: Selection;
  /** The rows read so far: names of those chosen. */
  rows: readonly DirectoryRow[];
  now: number;
}

/** What can be done to the people chosen. */
export function PeopleBar({ selection, rows, now }: PeopleBarProps) {
  const can = useCan();
  const acts = bulkActs.map((act) => {
    const { verb, permission, danger } = bulkWords[act];
    const refusal = can(permission) ? undefined : `Your role does not ${verb.toLowerCase()} people.`;
    return { act, verb, danger, refusal };
  });
  return (
    <BulkBar
      selection={selection}
      words={peopleWords}
      none="Choose nobody"
      acts={acts}
      dialog={(asked) => (
        <Suspense>
          <PeopleDialog {...asked} rows={rows} now={now} />
        </Suspense>
      )}
    />
  );
}
