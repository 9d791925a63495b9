import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadFrom } from '../../../lib/download.ts';
import { paths } from '../../../lib/paths.ts';
import type { KeyQuery } from './use-keys.ts';

/** The keys of the present filter as a file. */
export function ExportButton({ query: { show, platform, text } }: { query: KeyQuery }) {
  return <CsvButton of="API keys" save={() => downloadFrom(paths.keysExport, { show, platform, text })} />;
}
