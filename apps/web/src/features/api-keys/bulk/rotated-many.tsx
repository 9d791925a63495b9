import type { ManyRotationVerdict } from '@qd/shared/api-keys';
import { serverNow } from '../../../lib/clock.ts';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { csvInstant, csvText, type CsvColumn } from '../../../lib/csv.ts';
import { downloadText, fileDay } from '../../../lib/download.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { keysWords } from './bulk-words.ts';

export interface RotatedManyProps {
  verdicts: readonly ManyRotationVerdict[];
  onClose(): void;
}

/** What became of each key of a rotation of many, also as a file. */
export function RotatedMany({ verdicts, onClose }: RotatedManyProps) {
  const { zone } = useTimeZone();
  const now = serverNow();
  const started = verdicts.filter(({ isStarted }) => isStarted).length;
  const columns: Column<ManyRotationVerdict>[] = [
    {
      key: 'name',
      head: 'Key',
      rowHead: true,
      className: 'max-w-0 w-full',
      cell: ({ name, message, sentTo }) => (
        <div className="min-w-0">
          <div className="truncate font-medium">{name}</div>
          <div className="text-small text-ink-3 wrap-anywhere">
            {message ?? `A link to draw the new key was mailed to ${sentTo ?? ''}.`}
          </div>
        </div>
      ),
    },
    {
      key: 'verdict',
      head: 'Rotation',
      cell: ({ isStarted }) => (
        <StatusWord tone={isStarted ? 'ok' : 'warn'}>{isStarted ? 'Started' : 'Left out'}</StatusWord>
      ),
    },
    {
      key: 'ends',
      head: 'Old key ends',
      align: 'right',
      cell: ({ endsAt }) => (
        <span className="whitespace-nowrap text-ink-2">
          {endsAt === null ? 'as before' : formatWhen(endsAt, zone, now)}
        </span>
      ),
    },
  ];
  return (
    <Dialog
      open
      size="wide"
      onOpenChange={(open) => !open && onClose()}
      title={`Rotate: started for ${started} of ${keysWords(verdicts.length)}`}
      footer={
        <>
          <CsvButton
            of="rotations"
            save={() =>
              downloadText(`rotations-${fileDay(serverNow())}.csv`, csvText(csvColumns, verdicts), 'text/csv')
            }
          />
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <DataTable
        caption="What became of each key"
        density="compact"
        pageKeys={false}
        columns={columns}
        rows={verdicts}
        rowKey={({ keyId }) => keyId}
        empty={null}
      />
    </Dialog>
  );
}

const csvColumns: readonly CsvColumn<ManyRotationVerdict>[] = [
  { head: 'id', value: (row) => row.keyId },
  { head: 'name', value: (row) => row.name },
  { head: 'rotation', value: (row) => (row.isStarted ? 'started' : 'left out') },
  { head: 'reason', value: (row) => row.message },
  { head: 'successor_id', value: (row) => row.newKeyId },
  { head: 'mailed_to', value: (row) => row.sentTo },
  { head: 'old_key_ends_at', value: (row) => csvInstant(row.endsAt) },
];
