import type { BoardRow, RotationBoard, UnmovedCaller } from '@qd/shared/api-keys';
import { formatCount, formatWhen } from '../../../lib/format.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import type { At } from '../list/state-words.ts';
import { sendsWord, toldWords } from './rotation-words.ts';

/** A consumer, or a caller nobody named. */
type Row = { key: string; name: string; detail: string; told: BoardRow | null } & Pick<
  BoardRow,
  'sends' | 'oldLastHour' | 'newLastHour' | 'lastOldAt'
>;

/** Who sends which key, and who was told. */
export function BoardTable({ board, at }: { board: RotationBoard; at: At }) {
  return (
    <>
      <DataTable
        caption="Consumers of the key, what they send and what they were told"
        density="compact"
        pageKeys={false}
        columns={columnsAt(at)}
        rows={[...board.consumers.map(consumerRow), ...board.unknown.map(callerRow)]}
        rowKey={({ key }) => key}
        empty={<p className="py-2 text-ink-2">No consumers are named, and nobody called within 24 h.</p>}
      />
      {board.unknownMore > 0 && (
        <p className="mt-1.5 text-small text-ink-3">{formatCount(board.unknownMore)} more unknown callers.</p>
      )}
    </>
  );
}

function consumerRow(row: BoardRow): Row {
  const { consumerId, name, ownerName } = row;
  const { sends, oldLastHour, newLastHour, lastOldAt } = row;
  return { key: consumerId, name, detail: ownerName, told: row, sends, oldLastHour, newLastHour, lastOldAt };
}

function callerRow({ address, agent, ...row }: UnmovedCaller): Row {
  const name = address === 'other' ? 'Others, together' : `Unknown, ${address}`;
  return { key: `${address} ${agent}`, name, detail: agent, told: null, ...row };
}

function columnsAt(at: At): Column<Row>[] {
  return [
    {
      key: 'name',
      head: 'Consumer',
      rowHead: true,
      className: 'max-w-0 w-full',
      cell: ({ name, detail, told }) => (
        <div className="min-w-0">
          <div className="truncate font-medium">{name}</div>
          <div className="truncate text-small text-ink-3" title={detail}>
            {told === null ? detail : toldLine(told, at)}
          </div>
        </div>
      ),
    },
    {
      key: 'sends',
      head: 'Sends',
      cell: ({ sends }) => {
        const { tone, word } = sendsWord(sends);
        return <StatusWord tone={tone}>{word}</StatusWord>;
      },
    },
    { key: 'old', head: hourHead('Old'), align: 'right', cell: ({ oldLastHour }) => formatCount(oldLastHour) },
    { key: 'new', head: hourHead('New'), align: 'right', cell: ({ newLastHour }) => formatCount(newLastHour) },
    {
      key: 'last',
      head: 'Last used old',
      align: 'right',
      hide: 'phone',
      cell: ({ lastOldAt }) => (
        <span className="whitespace-nowrap text-ink-2">
          {lastOldAt === null ? 'never seen' : formatWhen(lastOldAt, at.zone, at.nowMs)}
        </span>
      ),
    },
  ];
}

function toldLine(row: BoardRow, at: At): string {
  const { word } = toldWords(row, at);
  return row.notDelivered === null ? word : `${word}: ${row.notDelivered}`;
}

function hourHead(which: string) {
  return (
    <>
      {which}
      <span className="phone:sr-only">, last hour</span>
    </>
  );
}
