import type { SlotView } from '@qd/shared/oncall';
import { csvInstant, csvText, type CsvColumn } from '../../lib/csv.ts';

const columns: readonly CsvColumn<SlotView>[] = [
  { head: 'id', value: (row) => row.id },
  { head: 'platform', value: (row) => row.platform },
  { head: 'role', value: (row) => row.role },
  { head: 'person_id', value: (row) => row.person.id },
  { head: 'person', value: (row) => row.person.name },
  { head: 'person_state', value: (row) => row.person.state },
  { head: 'starts_at', value: (row) => csvInstant(row.startsAt) },
  { head: 'ends_at', value: (row) => csvInstant(row.endsAt) },
  { head: 'planned_ends_at', value: (row) => csvInstant(row.plannedEndsAt) },
  { head: 'state', value: (row) => row.state },
  { head: 'note', value: (row) => row.note },
  { head: 'ended_at', value: (row) => csvInstant(row.ended?.at ?? null) },
  { head: 'ended_by', value: (row) => row.ended?.by ?? null },
  { head: 'ended_reason', value: (row) => row.ended?.reason ?? null },
];

/** Slots as CSV, one a row; instants in UTC. */
export function slotsCsv(rows: readonly SlotView[]): string {
  return csvText(columns, rows);
}
