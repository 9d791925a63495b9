// @vitest-environment jsdom
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { type Column, DataTable, type DataTableProps } from './data-table.tsx';
import { type Sort } from './table-sort.ts';

type Row = { id: string; group: string; name: string; left: number | null };

const rows: readonly Row[] = [
  { id: 'one', group: 'East', name: 'Pears', left: 3 },
  { id: 'two', group: 'East', name: 'Apples', left: null },
  { id: 'three', group: 'West', name: 'Plums', left: 1 },
];

const columns: readonly Column<Row>[] = [
  { key: 'name', head: 'Name', rowHead: true, cell: (row) => <a href={`#${row.id}`}>{row.name}</a> },
  { key: 'left', head: 'Left', align: 'right', sortValue: (row) => row.left, cell: (row) => row.left ?? 'unknown' },
];

function Harness({ onOpen, ...more }: Partial<DataTableProps<Row>>) {
  const [cursor, setCursor] = useState<string | null>(null);
  const [sort, setSort] = useState<Sort | null>(null);
  return (
    <>
      <input aria-label="Filter" />
      <DataTable<Row>
        caption="Fruit"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        cursorKey={cursor}
        onCursor={setCursor}
        onOpen={onOpen}
        sort={sort}
        onSort={setSort}
        {...more}
      />
    </>
  );
}

const current = () => screen.queryAllByRole('row').find((row) => row.getAttribute('aria-current') === 'true');

describe('DataTable', () => {
  it('is a table with a caption, column heads and row heads', () => {
    render(<Harness />);
    const table = screen.getByRole('table', { name: 'Fruit' });
    expect(within(table).getAllByRole('columnheader')).toHaveLength(2);
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map((cell) => cell.textContent),
    ).toEqual(['Pears', 'Apples', 'Plums']);
  });

  it('moves the cursor with j and k from anywhere and opens its row with Enter', async () => {
    const onOpen = vi.fn();
    render(<Harness onOpen={onOpen} />);
    const user = userEvent.setup();
    await user.keyboard('jj');
    expect(current()?.textContent).toContain('Apples');
    await user.keyboard('k');
    expect(current()?.textContent).toContain('Pears');
    await user.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(rows[0]);
  });

  it('does not take letters that are typed into a field', async () => {
    render(<Harness />);
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Filter'), 'jk');
    expect(current()).toBeUndefined();
    expect(screen.getByLabelText<HTMLInputElement>('Filter').value).toBe('jk');
  });

  it('leaves the page keys alone when told to', async () => {
    render(<Harness pageKeys={false} />);
    await userEvent.setup().keyboard('j');
    expect(current()).toBeUndefined();
  });

  it('does not open the row when a link in it is pressed', async () => {
    const onOpen = vi.fn();
    render(<Harness onOpen={onOpen} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('link', { name: 'Plums' }));
    expect(onOpen).not.toHaveBeenCalled();
    await user.click(screen.getByText('unknown'));
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(rows[1]);
  });

  it('moves through rows in the order they are sorted, unknown last', async () => {
    render(<Harness />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Left' }));
    expect(screen.getByRole('columnheader', { name: 'Left' }).getAttribute('aria-sort')).toBe('ascending');
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['Plums', 'Pears', 'Apples']);
    await user.click(document.body);
    await user.keyboard('j');
    expect(current()?.textContent).toContain('Plums');
  });

  it('heads each group once', () => {
    render(<Harness groupBy={(row) => ({ key: row.group, head: row.group })} />);
    expect(screen.getAllByText('East')).toHaveLength(1);
    expect(screen.getAllByText('West')).toHaveLength(1);
  });

  it('shows what to say when there are no rows', () => {
    render(<Harness rows={[]} empty={<p>No fruit today.</p>} />);
    expect(screen.getByText('No fruit today.')).toBeTruthy();
  });
});
