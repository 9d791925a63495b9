import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useLocation, useRoutes } from 'react-router';
import { installKeys } from '../../lib/keys.ts';
import { LiveProvider } from '../../lib/live.tsx';
import { pages, preloadPage } from '../pages.tsx';
import { Providers, type ProvidersProps } from '../providers.tsx';
import { SessionGate } from '../session-gate.tsx';
import { PageBoundary } from '../states/page-boundary.tsx';
import { PageLoading } from '../states/page-loading.tsx';
import { StepUpHost } from '../step-up/step-up-host.tsx';
import { Banners } from './banners.tsx';
import { Bar } from './bar.tsx';
import { Day } from './day.tsx';
import { PageKeys } from './page-keys.tsx';
import { Rail } from './rail.tsx';
import { ShellContext, type ShellActions } from './shell-context.tsx';
import { Tabs } from './tabs.tsx';

const Palette = lazy(() => import('../palette/palette.tsx').then((m) => ({ default: m.Palette })));
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((m) => ({ default: m.HelpDialog })));
const RemoveDemoDialog = lazy(() => import('./remove-demo-dialog.tsx').then((m) => ({ default: m.RemoveDemoDialog })));

type Overlay = 'palette' | 'help' | 'remove-demo' | null;

preloadPage(window.location.pathname);

/** Everything behind sign-in. */
export function Shell({ links }: Pick<ProvidersProps, 'links'>) {
  return (
    <Providers links={links}>
      <SessionGate>
        <Frame />
      </SessionGate>
    </Providers>
  );
}

/** Rail, bar and day rule around every page; palette and help over it. */
function Frame() {
  const page = useRoutes(pages);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const { pathname } = useLocation();
  const actions = useMemo<ShellActions>(
    () => ({
      openPalette: () => setOverlay('palette'),
      openHelp: () => setOverlay('help'),
      openRemoveDemo: () => setOverlay('remove-demo'),
    }),
    [],
  );
  useEffect(() => installKeys(window), []);
  const close = () => setOverlay(null);
  return (
    <LiveProvider>
      <ShellContext value={actions}>
        <a
          href="#main"
          className="fixed top-2 left-2 z-[70] rounded-2 bg-action px-3 py-2 text-on-action not-focus:sr-only"
        >
          Skip to content
        </a>
        <PageKeys />
        <div className="grid min-h-dvh grid-cols-[var(--qd-rail)_minmax(0,1fr)] fold:grid-cols-[60px_minmax(0,1fr)] phone:grid-cols-1 phone:pb-[calc(60px+env(safe-area-inset-bottom))]">
          <Rail />
          <div className="flex min-w-0 flex-col">
            <header className="sticky top-0 z-20 bg-canvas">
              <Bar />
              <Day />
            </header>
            <Banners />
            <main
              id="main"
              tabIndex={-1}
              className="w-full max-w-[1720px] min-w-0 px-gutter pt-[22px] pb-14 phone:pt-4 phone:pb-8 wide:pt-7"
            >
              <PageBoundary resetKey={pathname}>
                <Suspense fallback={<PageLoading />}>{page}</Suspense>
              </PageBoundary>
            </main>
          </div>
        </div>
        <Tabs />
        <StepUpHost />
        <Suspense>
          {overlay === 'palette' && <Palette onClose={close} />}
          {overlay === 'help' && <HelpDialog onClose={close} />}
          {overlay === 'remove-demo' && <RemoveDemoDialog onClose={close} />}
        </Suspense>
      </ShellContext>
    </LiveProvider>
  );
}
