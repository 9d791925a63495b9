import { lazy, Suspense } from 'react';
import { useUrlParams } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Call } from '../../../ui/call.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { PageLinks } from '../page-links.tsx';
import { ApprovalsHead } from './approvals-head.tsx';
import { ApprovalsList } from './approvals-list.tsx';
import { showOf } from './use-approvals.ts';

const RequestDrawer = lazy(() => import('./request-drawer.tsx').then((m) => ({ default: m.RequestDrawer })));

const params = ['show', 'request'] as const;

/** What waits for a second person, and for whom? */
export function ApprovalsPage() {
  const can = useCan();
  const [values, setValues] = useUrlParams(params);
  const show = showOf(values.show);
  const mayRead = can('approvals:read');
  return (
    <>
      {mayRead ? (
        <>
          <ApprovalsHead />
          <PageLinks />
          <ApprovalsList
            show={show}
            openId={values.request ?? null}
            onShow={(next) => setValues({ show: next === 'waiting' ? null : next })}
            onOpen={(id) => setValues({ request: id })}
          />
        </>
      ) : (
        <NotOpen />
      )}
      {values.request !== undefined && (
        <Suspense>
          <RequestDrawer key={values.request} id={values.request} onClose={() => setValues({ request: null })} />
        </Suspense>
      )}
    </>
  );
}

function NotOpen() {
  return (
    <>
      <Call>Requests for approval are not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins, commanders, support and auditors can read them.">
          A request of your own opens by its link.
        </Forbidden>
      </div>
    </>
  );
}
