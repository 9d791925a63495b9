import { useQuery } from '@tanstack/react-query';
import { useLive } from '../../lib/live.tsx';
import { useSession } from '../../lib/session.tsx';
import { useTheme } from '../../lib/theme.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { navEntries } from '../shell/nav.ts';
import { useShell } from '../shell/shell-context.tsx';
import { useSignOut } from '../shell/use-sign-out.ts';
import {
  accessPages,
  innerPages,
  newSlo,
  ownPages,
  pageEntries,
  platformEntries,
  sloEntries,
  type Entry,
} from './entries.ts';
import { keyEntries } from './key-entries.ts';
import { oncallEntries } from './oncall-entries.ts';
import { peopleActions } from './people-actions.ts';

type Action = Pick<Entry, 'label' | 'note' | 'keywords' | 'icon'> & { keys?: string; run(): void };

/** How the page is shown. */
function useViewActions(): Action[] {
  const live = useLive();
  const { theme, toggle } = useTheme();
  const { zone, local, toggle: toggleZone } = useTimeZone();
  const isPaused = live.state === 'paused';
  const isDark = theme === 'dark';
  return [
    {
      label: `Show times in ${zone.mode === 'utc' ? `local time, ${local.name}` : 'UTC'}`,
      note: '',
      keywords: 'time zone utc local clock',
      keys: 'u',
      icon: 'clock',
      run: toggleZone,
    },
    {
      label: isDark ? 'Switch to light' : 'Switch to dark',
      note: '',
      keywords: 'theme day night colours',
      keys: 't',
      icon: isDark ? 'sun' : 'moon',
      run: toggle,
    },
    {
      label: isPaused ? 'Resume live updates' : 'Pause live updates',
      note: isPaused && live.waiting > 0 ? `${live.waiting} changes wait` : '',
      keywords: 'live stream stop freeze screen',
      keys: 'l',
      icon: isPaused ? 'play' : 'pause',
      run: () => live.setPaused(!isPaused),
    },
  ];
}

/** What can be done from anywhere. */
function useShellActions(): Action[] {
  const can = useCan();
  const { demo } = useSession();
  const { openHelp, openRemoveDemo } = useShell();
  const { signOut } = useSignOut();
  const removeDemo: Action = {
    label: 'Remove demo',
    note: 'asks first, with the cost',
    keywords: 'delete sample example data',
    icon: 'close',
    run: openRemoveDemo,
  };
  return [
    {
      label: 'Show the keyboard map',
      note: '',
      keywords: 'help keys shortcuts',
      keys: '?',
      icon: 'help',
      run: openHelp,
    },
    ...(demo && can('settings:write', null) ? [removeDemo] : []),
    {
      label: 'Sign out',
      note: '',
      keywords: 'leave log out session account',
      icon: 'sign-out',
      run: signOut,
    },
  ];
}

/** Everything the palette can find for this person. */
export function useEntries(): Entry[] {
  const trpc = useTRPC();
  const can = useCan();
  const [scope] = usePlatformScope();
  const { data: list } = useQuery(trpc.slo.list.queryOptions({}, { enabled: can('slo:read') }));
  const { data: platforms = [] } = useQuery(trpc.platforms.list.queryOptions());
  const actions = [...useViewActions(), ...useShellActions()];
  return [
    ...sloEntries(list?.rows ?? []),
    ...((scope === null ? can('slo:write') : can('slo:write', scope)) ? [newSlo] : []),
    ...actions.map((action): Entry => ({ ...action, id: `action ${action.label}`, group: 'Actions' })),
    ...peopleActions.filter(({ permission }) => can(permission)),
    ...oncallEntries.filter(({ permission }) => can(permission)),
    ...keyEntries.filter(({ permission }) => can(permission)),
    ...pageEntries(navEntries.filter((entry) => can(entry.permission))),
    ...(can('slo:read') ? innerPages : []),
    ...accessPages.filter(({ permission }) => can(permission)),
    ...ownPages,
    ...platformEntries(platforms, scope),
  ];
}
