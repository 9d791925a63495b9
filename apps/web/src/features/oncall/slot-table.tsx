import type { SlotView } from '@qd/shared/oncall';
import type { ReactNode } from 'react';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useCan } from '../../lib/use-can.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { Tag } from '../../ui/tag.tsx';
import { roleWords, spanWords } from './oncall-words.ts';
import { PersonName } from './person-name.tsx';

export type SlotAct = 'hand-over' | 'end';

export interface SlotTableProps {
  rows: readonly SlotView[];
  nameOf(platform: string): string;
  nowMs: number;
  onAct(act: SlotAct, slot: SlotView): void;
  pageKeys: boolean;
  empty: ReactNode;
}

/** Slots one by one, by their start, with what can be done to each. */
export function SlotTable({ rows, nameOf, nowMs, onAct, pageKeys, empty }: SlotTableProps) {
  const { zone } = useTimeZone();
  // A slot that was called off is held for no time: its plan is shown.
  const when = (slot: SlotView) =>
    spanWords(isCalledOff(slot) ? { ...slot, endsAt: slot.plannedEndsAt } : slot, { zone, nowMs });
  const acts = (slot: SlotView) => <Acts slot={slot} named={`${slot.person.name}, ${when(slot)}`} onAct={onAct} />;
  const columns: Column<SlotView>[] = [
    { key: 'who', head: 'Person', width: '24%', rowHead: true, cell: (slot) => <Who slot={slot} /> },
    { key: 'platform', head: 'Platform', width: '16%', cell: (slot) => nameOf(slot.platform) },
    { key: 'role', head: 'Role', width: '96px', cell: (slot) => roleWords[slot.role] },
    { key: 'when', head: 'On call', cell: (slot) => <When slot={slot} words={when(slot)} /> },
    { key: 'act', head: <span className="sr-only">Act</span>, width: '180px', align: 'right', cell: acts },
  ];
  return (
    <DataTable
      caption="On-call slots"
      columns={columns}
      rows={rows}
      rowKey={(slot) => slot.id}
      pageKeys={pageKeys}
      renderPhone={(slot) => (
        <div className="grid gap-y-1">
          <Who slot={slot} />
          <span>
            {nameOf(slot.platform)}, {roleWords[slot.role].toLowerCase()}
          </span>
          <When slot={slot} words={when(slot)} />
          {acts(slot)}
        </div>
      )}
      empty={empty}
    />
  );
}

function Who({ slot }: { slot: SlotView }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <PersonName slot={slot} />
      {slot.isDemo && <Tag>Demo</Tag>}
    </span>
  );
}

function When({ slot, words }: { slot: SlotView; words: string }) {
  const { state, ended, note } = slot;
  return (
    <div className="min-w-0">
      <span className="flex flex-wrap gap-x-2">
        {isCalledOff(slot) ? <s>{words}</s> : words}
        {state === 'running' && <StatusWord tone="info">now</StatusWord>}
      </span>
      {note !== '' && <div className="text-small text-ink-2 wrap-anywhere">{note}</div>}
      {ended !== null && (
        <div className="text-small text-ink-3 wrap-anywhere">
          {isCalledOff(slot) ? 'Called off' : 'Ended early'}
          {ended.by === null ? '' : ` by ${ended.by}`}: {ended.reason}
        </div>
      )}
    </div>
  );
}

function Acts({ slot, named, onAct }: { slot: SlotView; named: string; onAct: SlotTableProps['onAct'] }) {
  const can = useCan();
  if (slot.state === 'over' || !can('oncall:write', slot.platform)) return null;
  return (
    <span className="inline-flex flex-wrap gap-2">
      <Button size="s" aria-label={`Hand over: ${named}`} onClick={() => onAct('hand-over', slot)}>
        Hand over
      </Button>
      <Button size="s" variant="danger" aria-label={`End: ${named}`} onClick={() => onAct('end', slot)}>
        End
      </Button>
    </span>
  );
}

function isCalledOff({ ended, startsAt }: SlotView): boolean {
  return ended !== null && ended.at <= startsAt;
}
