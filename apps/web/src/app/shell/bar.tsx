import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { commandKey } from '../../lib/command-key.ts';
import { paths } from '../../lib/paths.ts';
import { useTheme } from '../../lib/theme.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useTo } from '../../lib/url-state.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { LoadLine } from '../../ui/mark.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { DemoTag } from './demo-tag.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { isOn, navEntries } from './nav.ts';
import { useScopeName } from './platform-switcher.tsx';
import { useShell } from './shell-context.tsx';

/** Top line of every page: where you are, search, live, time zone, theme, help. */
export function Bar() {
  const to = useTo();
  const { openPalette, openHelp } = useShell();
  const { theme, toggle } = useTheme();
  const { zone, local, setMode, toggle: toggleZone } = useTimeZone();
  return (
    <div className="flex h-12 max-w-[1720px] items-center gap-2.5 px-gutter phone:h-[52px] phone:gap-1">
      <Link to={to(paths.overview)} aria-label="Overview" className="mr-1 desk:hidden">
        <LoadLine />
      </Link>
      <Crumbs />
      <DemoTag />
      <span className="flex-1" />
      <button
        type="button"
        onClick={openPalette}
        aria-keyshortcuts="Meta+K Control+K"
        className="flex h-[30px] w-[256px] min-w-0 items-center gap-2 rounded-2 border border-line-2 bg-surface pr-1.5 pl-[9px] text-ink-3 hover:bg-sunken phone:hidden fold:w-[176px] wide:w-[320px]"
      >
        <Icon name="search" size={14} />
        <span className="truncate">Search or run a command</span>
        <span aria-hidden="true" className="ml-auto flex fold:hidden">
          <Kbd className="whitespace-nowrap">{commandKey}</Kbd>
        </span>
      </button>
      <LiveIndicator />
      <Segmented
        label="Time zone"
        className="phone:hidden"
        value={zone.mode}
        onChange={setMode}
        options={[
          { value: 'utc', label: 'UTC' },
          { value: 'local', label: local.label === 'local' ? 'Local' : local.label },
        ]}
      />
      <span className="desk:hidden">
        <IconButton icon="clock" label={`Times in ${zone.label}. Switch time zone`} onClick={toggleZone} />
      </span>
      <IconButton
        icon={theme === 'dark' ? 'sun' : 'moon'}
        label={theme === 'dark' ? 'Switch to light' : 'Switch to dark'}
        kbd="T"
        className="phone:hidden"
        onClick={toggle}
      />
      <span className="desk:hidden">
        <IconButton icon="search" label="Search or run a command" onClick={openPalette} />
      </span>
      <IconButton icon="help" label="Help and keyboard map" kbd="?" onClick={openHelp} />
    </div>
  );
}

/** Pages under /slos that are not about one objective. */
const sloPages: Readonly<Record<string, string>> = { exclusions: 'Exclusions', new: 'New SLO' };

/** Pages that stand in no rail: reached from the account menu and the palette. No platform narrows them. */
const ownPages: Readonly<Record<string, string>> = {
  [paths.account]: 'Your account',
  [paths.signInSettings]: 'Sign-in settings',
};

function pageAt(pathname: string): { name: string; isScoped: boolean } {
  const own = ownPages[pathname];
  if (own !== undefined) return { name: own, isScoped: false };
  return { name: navEntries.find((entry) => isOn(entry, pathname))?.label ?? 'Not found', isScoped: true };
}

/** The page, and what it is narrowed to. Also the title of the tab. */
function Crumbs() {
  const to = useTo();
  const trpc = useTRPC();
  const scope = useScopeName();
  const { pathname } = useLocation();
  const below = /^\/slos\/([^/]+)/.exec(pathname)?.[1];
  const sub = below === undefined ? undefined : sloPages[below];
  const sloId = sub === undefined ? below : undefined;
  const { data: slo } = useQuery(
    trpc.slo.get.queryOptions({ id: decodeURIComponent(sloId ?? '') }, { enabled: false }),
  );
  const { name: page, isScoped } = pageAt(pathname);
  const leaf = sloId === undefined ? undefined : slo;
  const title = leaf ? `${leaf.platformName} ${leaf.name}` : (sub ?? page);
  useEffect(() => {
    document.title = `${title} · Quarterdeck`;
  }, [title]);
  return (
    <div className="flex min-w-0 items-center gap-[7px] font-medium">
      {below === undefined ? (
        <>
          <span className="min-w-0 truncate font-semibold">{page}</span>
          {isScoped && <span className="truncate text-ink-3 phone:hidden">{scope}</span>}
        </>
      ) : (
        <>
          <Link to={to(paths.slos)} className="text-ink-2 hover:underline">
            SLOs
          </Link>
          <span aria-hidden="true" className="text-ink-3">
            /
          </span>
          <span className="truncate font-semibold">
            {leaf && <span className="phone:hidden">{leaf.platformName} </span>}
            {sub ?? leaf?.name ?? 'One objective'}
          </span>
        </>
      )}
    </div>
  );
}
