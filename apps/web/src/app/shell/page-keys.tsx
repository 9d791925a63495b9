import { useNavigate } from 'react-router';
import { useKey } from '../../lib/keys.ts';
import { useLive } from '../../lib/live.tsx';
import { useTheme } from '../../lib/theme.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { useToasts } from '../../ui/toast.tsx';
import { navEntries, type NavEntry } from './nav.ts';
import { useShell } from './shell-context.tsx';

/** Marks the field that `/` puts the cursor in: `<Input {...pageFilter} />`. */
const FILTER = '[data-page-filter]';

function GoKey({ entry }: { entry: NavEntry }) {
  const navigate = useNavigate();
  const to = useTo();
  useKey(`g ${entry.key}`, `Go to ${entry.label}`, () => void navigate(to(entry.path)));
  return null;
}

/** Keys that work on every page. Lists add J, K and Enter, charts the full stop. */
export function PageKeys() {
  const can = useCan();
  const live = useLive();
  const toasts = useToasts();
  const { toggle: toggleTheme } = useTheme();
  const { toggle: toggleZone } = useTimeZone();
  const { openPalette, openHelp } = useShell();

  useKey('mod+k', 'Search or run a command', openPalette);
  useKey('?', 'This map', openHelp);
  useKey('t', 'Light or dark', toggleTheme);
  useKey('u', 'UTC or local time', toggleZone);
  useKey('l', 'Pause or resume live updates', () => live.setPaused(live.state !== 'paused'));
  useKey('z', 'Undo the last change', () => void toasts.undoLast());
  useKey('/', 'Filter this list, or search', () => {
    const field = document.querySelector<HTMLElement>(FILTER);
    if (field) field.focus();
    else openPalette();
  });
  return navEntries.filter((entry) => can(entry.permission)).map((entry) => <GoKey key={entry.path} entry={entry} />);
}
