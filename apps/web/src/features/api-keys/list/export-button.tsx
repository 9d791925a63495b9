import type { KeyListRow } from '@qd/shared/api-keys';
import type { Page } from '@qd/shared/paging';
import { useQueryClient } from '@tanstack/react-query';
import { serverNow } from '../../../lib/clock.ts';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadText, fileDay, type SavedFile } from '../../../lib/download.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { keysCsv } from './keys-csv.ts';
import type { KeyQuery } from './use-keys.ts';

const PAGE_ROWS = 200;
const MAX_ROWS = 5_000;

/** The keys of the present filter as a file. */
export function ExportButton({ query }: { query: KeyQuery }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const save = async (): Promise<SavedFile> => {
    const rows: KeyListRow[] = [];
    let cursor: string | null = null;
    do {
      const input: KeyQuery & { cursor?: string } = { ...query, limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
      const page: Page<KeyListRow> = await client.fetchQuery(
        trpc.apiKeys.list.queryOptions(input, { staleTime: 0, gcTime: 0 }),
      );
      rows.push(...page.rows);
      cursor = page.nextCursor;
    } while (cursor !== null && rows.length < MAX_ROWS);
    downloadText(`api-keys-${fileDay(serverNow())}.csv`, keysCsv(rows), 'text/csv');
    return { rowLimit: cursor === null ? null : MAX_ROWS };
  };
  return <CsvButton of="API keys" save={save} />;
}
