import { lazy, Suspense } from 'react';
import { useUrlParams } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { UserPageLinks } from '../page-links.tsx';
import { ApprovalsHead } from './approvals-head.tsx';
import { ApprovalsList } from './approvals-list.tsx';
import { showOf } from './use-approvals.ts';

const RequestDrawer = lazy(() => import('./request-drawer.tsx').then((m) => ({ default: m.RequestDrawer })));

const params = ['show', 'request'] as const;

const OWN_ONLY =
  'These are your own requests. Owners, admins, commanders, support and auditors also read what others ask for.';

/** What waits for a second person, and for whom? */
export function ApprovalsPage() {
  const can = useCan();
  const [values, setValues] = useUrlParams(params);
  const show = showOf(values.show);
  const readsOthers = can('approvals:read');
  return (
    <>
      <ApprovalsHead readsOthers={readsOthers} />
      <UserPageLinks />
      {!readsOthers && <p className="mb-3 max-w-[640px] text-ink-2">{OWN_ONLY}</p>}
      <ApprovalsList
        show={readsOthers ? show : 'mine'}
        isFixed={!readsOthers}
        openId={values.request ?? null}
        onShow={(next) => setValues({ show: next === 'waiting' ? null : next })}
        onOpen={(id) => setValues({ request: id })}
      />
      {values.request !== undefined && (
        <Suspense>
          <RequestDrawer key={values.request} id={values.request} onClose={() => setValues({ request: null })} />
        </Suspense>
      )}
    </>
  );
}
