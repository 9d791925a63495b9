import { lazy, Suspense } from 'react';
import { Navigate, useLocation, useRoutes } from 'react-router';
import { paths } from '../lib/paths.ts';
import { PageBoundary } from './states/page-boundary.tsx';

const loadShell = () => import('./shell/shell.tsx');
const Shell = lazy(() => loadShell().then((m) => ({ default: m.Shell })));
const SignInPage = lazy(() => import('./sign-in/sign-in-page.tsx').then((m) => ({ default: m.SignInPage })));
const WelcomePage = lazy(() => import('./sign-in/welcome-page.tsx').then((m) => ({ default: m.WelcomePage })));
const InvitePage = lazy(() => import('./sign-in/invite-page.tsx').then((m) => ({ default: m.InvitePage })));
const AcknowledgePage = lazy(() =>
  import('./acknowledge/acknowledge-page.tsx').then((m) => ({ default: m.AcknowledgePage })),
);
const ClaimPage = lazy(() => import('./claim/claim-page.tsx').then((m) => ({ default: m.ClaimPage })));
const ResetPage = lazy(() => import('./sign-in/reset-page.tsx').then((m) => ({ default: m.ResetPage })));

/**
 * The pages before sign-in, and everything behind it. What is behind brings its own cache: leaving to sign-in
 * throws it away with all that was read.
 */
const routes = [
  { path: paths.signIn, element: <SignInPage /> },
  { path: paths.welcome, element: <WelcomePage /> },
  { path: paths.invite, element: <InvitePage /> },
  { path: paths.reset, element: <ResetPage /> },
  { path: paths.keyAcknowledge, element: <AcknowledgePage /> },
  { path: paths.keyClaim, element: <ClaimPage /> },
  { path: '*', element: <Shell /> },
];

export function AppRoutes() {
  const page = useRoutes(routes);
  const { pathname } = useLocation();
  if (pathname === '/index.html') return <Navigate to={paths.overview} replace />;
  return (
    <PageBoundary resetKey={pathname}>
      <Suspense>{page}</Suspense>
    </PageBoundary>
  );
}
