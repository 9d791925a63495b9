import type { UserState } from '@qd/shared/users';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadFrom } from '../../../lib/download.ts';
import { paths } from '../../../lib/paths.ts';
import { withProof } from '../../../lib/step-up.ts';

export interface ExportButtonProps {
  state: UserState | undefined;
  platform: string | undefined;
}

/** People as a file, by state and platform; the person proves themselves for it each time. */
export function ExportButton({ state, platform }: ExportButtonProps) {
  const params = { format: 'csv', ...(state !== undefined && { state }), ...(platform !== undefined && { platform }) };
  return (
    <CsvButton of="people" save={() => withProof((headers) => downloadFrom(paths.usersExport, params, headers))} />
  );
}
