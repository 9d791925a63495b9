import type { SloSummary } from '@qd/shared/slo';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { downloadText, fileDay } from '../../../lib/download.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button, buttonLook } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { listCsv } from './list-csv.ts';

const ExportDialog = lazy(() => import('./exchange/export-dialog.tsx').then((m) => ({ default: m.ExportDialog })));
const ImportDialog = lazy(() => import('./exchange/import-dialog.tsx').then((m) => ({ default: m.ImportDialog })));

export interface ListActionsProps {
  /** The rows that are shown, in their order. */
  rows: readonly SloSummary[];
  /** True if some are hidden by a filter. */
  isFiltered: boolean;
  platform: string | null;
}

/** What can be done with the list as a whole: define one more, take it elsewhere, bring others in. */
export function ListActions({ rows, isFiltered, platform }: ListActionsProps) {
  const to = useTo();
  const can = useCan();
  const [dialog, setDialog] = useState<'export' | 'import' | null>(null);
  const mayWrite = platform === null ? can('slo:write') : can('slo:write', platform);
  const download = () =>
    downloadText(`slos-${platform ?? 'all'}-${fileDay(serverNow())}.csv`, listCsv(rows), 'text/csv');
  return (
    <>
      <Menu
        trigger={
          <Button size="s" icon="download">
            Export or import
          </Button>
        }
      >
        <MenuItem icon="table" onSelect={download}>
          Download the list as CSV
        </MenuItem>
        <MenuItem icon="download" onSelect={() => setDialog('export')}>
          Export SLOs
        </MenuItem>
        {mayWrite && (
          <MenuItem icon="plus" onSelect={() => setDialog('import')}>
            Import SLOs
          </MenuItem>
        )}
      </Menu>
      {mayWrite && (
        <Link to={to(paths.sloNew)} {...buttonLook({ size: 's', variant: 'primary' })}>
          <Icon name="plus" size={14} />
          New SLO
        </Link>
      )}
      <Suspense>
        {dialog === 'export' && (
          <ExportDialog
            platform={platform}
            ids={isFiltered ? rows.map(({ id }) => id) : undefined}
            onClose={() => setDialog(null)}
          />
        )}
        {dialog === 'import' && <ImportDialog platform={platform} onClose={() => setDialog(null)} />}
      </Suspense>
    </>
  );
}
