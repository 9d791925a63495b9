import { importColumns, type ImportRowView } from '@qd/shared/users';
import { csvText } from '../../../lib/csv.ts';
import { downloadText } from '../../../lib/download.ts';
import { useKey } from '../../../lib/keys.ts';
import type { Selection } from '../../../lib/use-selection.ts';
import { Button } from '../../../ui/button.tsx';
import { rowsWords } from './import-words.ts';

const valueOf = {
  email: (row: ImportRowView) => row.email,
  name: (row: ImportRowView) => row.name,
  role: (row: ImportRowView) => row.role,
  platform: (row: ImportRowView) => row.platform,
  platform_role: (row: ImportRowView) => row.platformRole,
};
const columns = importColumns.map((head) => ({ head, value: valueOf[head] }));

/** What can be done with the rows chosen: they are taken along as a file to put right and send again. */
export function ChosenRows({ selection, rows }: { selection: Selection; rows: readonly ImportRowView[] }) {
  useKey('escape', 'Choose no row', selection.clear, rows.length > 0);
  if (rows.length === 0) return null;
  return (
    <div
      role="region"
      aria-label="Acts on the rows chosen"
      className="sticky bottom-3 z-10 mt-3 flex flex-wrap items-center gap-2 rounded-3 border border-line-2 bg-raised px-3 py-2 shadow-overlay phone:bottom-[72px]"
    >
      <b role="status">{rowsWords(rows.length)} chosen</b>
      <span className="ml-auto flex flex-wrap gap-2">
        <Button
          size="s"
          icon="download"
          onClick={() => downloadText('people-to-put-right.csv', csvText(columns, rows), 'text/csv')}
        >
          Save as a file
        </Button>
        <Button size="s" variant="ghost" kbd="Esc" onClick={selection.clear}>
          Clear
        </Button>
      </span>
    </div>
  );
}
