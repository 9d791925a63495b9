import type { SlotView } from '@qd/shared/oncall';
import type { Page } from '@qd/shared/paging';
import { useQueryClient } from '@tanstack/react-query';
import { serverNow } from '../../lib/clock.ts';
import { CsvButton } from '../../lib/csv-button.tsx';
import { downloadText, fileDay, type SavedFile } from '../../lib/download.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { slotsCsv } from './slots-csv.ts';

const PAGE_ROWS = 200;
const MAX_ROWS = 5_000;

/** Which slots the page shows. */
export interface SlotQuery {
  platform?: string;
  from: number;
  to: number;
  calledOff: boolean;
}

/** The slots of the present filter as a file. */
export function ExportButton({ query }: { query: SlotQuery }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const save = async (): Promise<SavedFile> => {
    const rows: SlotView[] = [];
    let cursor: string | null = null;
    do {
      const input: SlotQuery & { limit: number; cursor?: string } = {
        ...query,
        limit: PAGE_ROWS,
        ...(cursor !== null && { cursor }),
      };
      const page: Page<SlotView> = await client.fetchQuery(
        trpc.oncall.list.queryOptions(input, { staleTime: 0, gcTime: 0 }),
      );
      rows.push(...page.rows);
      cursor = page.nextCursor;
    } while (cursor !== null && rows.length < MAX_ROWS);
    downloadText(`on-call-${fileDay(serverNow())}.csv`, slotsCsv(rows), 'text/csv');
    return { rowLimit: cursor === null ? null : MAX_ROWS };
  };
  return <CsvButton of="on-call slots" save={save} />;
}
