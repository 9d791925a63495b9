import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { useKey } from '../../../lib/keys.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo, useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button, buttonLook } from '../../../ui/button.tsx';
import { ExportButton } from './export-button.tsx';
import type { DirectoryQuery } from './filters.ts';

const InviteDialog = lazy(() => import('../invite/invite-dialog.tsx').then((m) => ({ default: m.InviteDialog })));

/** What can be done to the directory as a whole. */
export function PageActions({ query, now }: { query: DirectoryQuery; now: number }) {
  const can = useCan();
  const to = useTo();
  // In the address, so that the command palette opens it from anywhere.
  const [asked, setAsked] = useUrlParam('invite');
  const mayInvite = can('users:invite');
  const invites = asked !== null && mayInvite;
  const invite = () => setAsked('new');
  useKey('i', 'Invite a person', invite, mayInvite && !invites);
  return (
    <>
      {can('users:import') && (
        <Link to={to(paths.userImport)} {...buttonLook({ size: 's' })}>
          Import
        </Link>
      )}
      {can('users:export') && <ExportButton state={query.state} platform={query.platform} />}
      <Button
        variant="primary"
        size="s"
        icon="plus"
        kbd="I"
        disabledReason={mayInvite ? undefined : 'Your role does not invite people. Owners, admins and support can.'}
        onClick={invite}
      >
        Invite
      </Button>
      {invites && (
        <Suspense>
          <InviteDialog now={now} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
}
