import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { useKey } from '../../../lib/keys.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button, buttonLook } from '../../../ui/button.tsx';
import { ExportButton } from './export-button.tsx';
import type { DirectoryQuery } from './filters.ts';

const InviteDialog = lazy(() => import('../invite/invite-dialog.tsx').then((m) => ({ default: m.InviteDialog })));

/** What can be done to the directory as a whole. */
export function PageActions({ query, now }: { query: DirectoryQuery; now: number }) {
  const can = useCan();
  const to = useTo();
  const [invites, setInvites] = useState(false);
  const mayInvite = can('users:invite');
  useKey('i', 'Invite a person', () => setInvites(true), mayInvite && !invites);
  return (
    <>
      {can('users:import') && (
        <Link to={to(paths.userImport)} {...buttonLook()}>
          Import
        </Link>
      )}
      {can('users:export') && <ExportButton state={query.state} platform={query.platform} />}
      <Button
        variant="primary"
        icon="plus"
        kbd="I"
        disabledReason={mayInvite ? undefined : 'Your role does not invite people. Owners, admins and support can.'}
        onClick={() => setInvites(true)}
      >
        Invite
      </Button>
      {invites && (
        <Suspense>
          <InviteDialog now={now} onClose={() => setInvites(false)} />
        </Suspense>
      )}
    </>
  );
}
