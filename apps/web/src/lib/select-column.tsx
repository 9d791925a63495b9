import type { Column } from '../ui/data-table.tsx';
import type { Selection } from './use-selection.ts';

interface Selectable {
  id: string;
  name: string;
}

/** Chooses one row of a list. */
export function SelectBox({ row, selection }: { row: Selectable; selection: Selection }) {
  return (
    <input
      type="checkbox"
      className="qd-check"
      aria-label={`Select ${row.name}`}
      checked={selection.ids.has(row.id)}
      onChange={() => selection.toggle(row.id)}
    />
  );
}

/** The column in which rows are chosen; none where nothing can be done to many. */
export function selectColumn<Row extends Selectable>(selection: Selection | null): Column<Row>[] {
  if (selection === null) return [];
  return [
    {
      key: 'select',
      head: <span className="sr-only">Selected</span>,
      width: '34px',
      cell: (row) => <SelectBox row={row} selection={selection} />,
    },
  ];
}
