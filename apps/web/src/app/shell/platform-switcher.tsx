import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope } from '../../lib/url-state.ts';
import { Icon } from '../../ui/icon.tsx';

const PlatformMenu = lazy(() => import('./platform-menu.tsx').then((m) => ({ default: m.PlatformMenu })));

/** Name of the platform every page is narrowed to; "All platforms" without one. */
export function useScopeName(): string {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const { data } = useQuery(trpc.platforms.list.queryOptions());
  if (platform === null) return 'All platforms';
  return data?.find((candidate) => candidate.id === platform)?.name ?? platform;
}

/** Narrows every page to one platform; the choice is in the address. */
export function PlatformSwitcher() {
  const name = useScopeName();
  return (
    <div className="grid fold:hidden">
      <Suspense
        fallback={
          <span className="flex h-8 items-center gap-2 rounded-2 border border-line-2 bg-surface px-2 font-medium">
            <span className="min-w-0 truncate">{name}</span>
            <Icon name="chevrons" size={14} className="ml-auto text-ink-3" />
          </span>
        }
      >
        <PlatformMenu />
      </Suspense>
    </div>
  );
}
