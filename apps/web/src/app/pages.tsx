import { lazy } from 'react';
import { Navigate, useLocation, type RouteObject } from 'react-router';
import { paths } from '../lib/paths.ts';

const loadOverview = () => import('./overview/overview-page.tsx');
const loadSlos = () => import('./slo-screens.tsx');
const loadUsers = () => import('../features/users/users-page.tsx');
const loadKeys = () => import('../features/api-keys/keys-page.tsx');
const loadAudit = () => import('../features/audit/audit-page.tsx');

const OverviewPage = lazy(() => loadOverview().then((m) => ({ default: m.OverviewPage })));
const SloScreens = lazy(() => loadSlos().then((m) => ({ default: m.SloScreens })));
const UsersPage = lazy(() => loadUsers().then((m) => ({ default: m.UsersPage })));
const KeysPage = lazy(() => loadKeys().then((m) => ({ default: m.KeysPage })));
const RolesPage = lazy(() => import('../features/users/roles/roles-page.tsx').then((m) => ({ default: m.RolesPage })));
const ExplainPage = lazy(() =>
  import('../features/users/explain/explain-page.tsx').then((m) => ({ default: m.ExplainPage })),
);
const ImportPage = lazy(() =>
  import('../features/users/imports/import-page.tsx').then((m) => ({ default: m.ImportPage })),
);
const ApprovalsPage = lazy(() =>
  import('../features/users/approvals/approvals-page.tsx').then((m) => ({ default: m.ApprovalsPage })),
);
const OncallPage = lazy(() => import('../features/oncall/oncall-page.tsx').then((m) => ({ default: m.OncallPage })));
const AuditPage = lazy(() => loadAudit().then((m) => ({ default: m.AuditPage })));
const AccountPage = lazy(() =>
  import('../features/users/account/account-page.tsx').then((m) => ({ default: m.AccountPage })),
);
const SignInSettingsPage = lazy(() =>
  import('../features/users/policy/sign-in-settings-page.tsx').then((m) => ({ default: m.SignInSettingsPage })),
);
const LeakPage = lazy(() => import('../features/api-keys/leaks/leak-page.tsx').then((m) => ({ default: m.LeakPage })));
const SecretsPage = lazy(() =>
  import('../features/secrets/secrets-page.tsx').then((m) => ({ default: m.SecretsPage })),
);
const PoliciesPage = lazy(() =>
  import('../features/api-keys/policies/policies-page.tsx').then((m) => ({ default: m.PoliciesPage })),
);
const NotFoundPage = lazy(() => import('./states/not-found-page.tsx').then((m) => ({ default: m.NotFoundPage })));

/** Every page behind sign-in. Each is a chunk of its own. */
export const pages: RouteObject[] = [
  { index: true, element: <OverviewPage /> },
  { path: 'slos/*', element: <SloScreens /> },
  // The person opens beside the list: one page for both addresses.
  {
    path: 'users',
    element: <UsersPage />,
    children: [
      { index: true, element: null },
      { path: ':id', element: null },
    ],
  },
  { path: 'users/roles', element: <RolesPage /> },
  { path: 'users/why', element: <ExplainPage /> },
  { path: 'users/import', element: <ImportPage /> },
  { path: 'users/approvals', element: <ApprovalsPage /> },
  { path: 'keys/policies', element: <PoliciesPage /> },
  { path: 'keys/secrets', element: <SecretsPage /> },
  { path: 'keys/leaks', element: <LeakPage /> },
  // The key opens under the list: one page for all four addresses.
  {
    path: 'keys',
    element: <KeysPage />,
    children: [
      { index: true, element: null },
      { path: 'new', element: null },
      { path: 'import', element: null },
      { path: ':id', element: null },
    ],
  },
  { path: 'oncall', element: <OncallPage /> },
  { path: 'audit', element: <AuditPage /> },
  // The address notices and identity providers send people to.
  { path: 'account', element: <ToAccount /> },
  { path: 'settings/account', element: <AccountPage /> },
  { path: 'settings/sign-in', element: <SignInSettingsPage /> },
  { path: '*', element: <NotFoundPage /> },
];

function ToAccount() {
  const { search } = useLocation();
  return <Navigate to={{ pathname: paths.account, search }} replace />;
}

/** Fetches the code of a page while it is still being found out who is signed in. */
export function preloadPage(pathname: string): void {
  const load = pathname === '/' ? loadOverview : pathname.startsWith('/slos') ? loadSlos : null;
  // A chunk that cannot be had is reported where the page needs it.
  load?.().catch(() => undefined);
}
