import type { KeyListRow } from '@qd/shared/api-keys';
import { csvInstant, csvText, type CsvColumn } from '../../../lib/csv.ts';

const columns: readonly CsvColumn<KeyListRow>[] = [
  { head: 'id', value: (row) => row.id },
  { head: 'name', value: (row) => row.name },
  { head: 'platform', value: (row) => row.platform },
  { head: 'environment', value: (row) => row.environment },
  { head: 'format', value: (row) => row.format },
  { head: 'state', value: (row) => row.state },
  { head: 'owner', value: (row) => row.owner?.name ?? null },
  { head: 'created_at', value: (row) => csvInstant(row.createdAt) },
  { head: 'rotation_due_at', value: (row) => csvInstant(row.rotationDueAt) },
  { head: 'stops_at', value: (row) => csvInstant(row.stopsAt) },
  { head: 'ended_at', value: (row) => csvInstant(row.endedAt) },
  { head: 'end_reason', value: (row) => row.endReason },
  { head: 'successor_id', value: (row) => row.rotation?.successor.id ?? null },
  { head: 'consumers', value: (row) => row.consumers },
  { head: 'requests_per_min', value: (row) => row.ratePerMin },
  { head: 'refused_today', value: (row) => row.refusedToday },
  { head: 'last_used_at', value: (row) => csvInstant(row.lastUsedAt) },
  { head: 'scopes', value: (row) => row.scopes },
  { head: 'scopes_used_30_d', value: (row) => row.scopesUsed },
];

/** Keys as CSV, one a row; instants in UTC. */
export function keysCsv(rows: readonly KeyListRow[]): string {
  return csvText(columns, rows);
}
