import { Link, useLocation } from 'react-router';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { cx } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { isOn, navEntries } from './nav.ts';
import { useShell } from './shell-context.tsx';

const tab = 'relative flex flex-1 flex-col items-center justify-center gap-[3px] text-[10.5px] leading-3';

/** The rail on the phone: pages at the bottom edge, the rest behind "More". */
export function Tabs() {
  const to = useTo();
  const can = useCan();
  const { pathname } = useLocation();
  const { openPalette } = useShell();
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex h-[calc(60px+env(safe-area-inset-bottom))] border-t border-line-2 bg-surface pb-[env(safe-area-inset-bottom)] desk:hidden"
    >
      {navEntries
        .filter((entry) => can(entry.permission))
        .map((entry) => {
          const on = isOn(entry, pathname);
          return (
            <Link
              key={entry.path}
              to={to(entry.path)}
              aria-current={on ? 'page' : undefined}
              className={cx(
                tab,
                on
                  ? 'font-[650] text-ink before:absolute before:inset-x-[22%] before:-top-px before:h-[3px] before:bg-overprint-line'
                  : 'font-medium text-ink-2',
              )}
            >
              <Icon name={entry.icon} size={20} />
              {entry.short ?? entry.label}
            </Link>
          );
        })}
      <button type="button" className={cx(tab, 'font-medium text-ink-2')} onClick={openPalette}>
        <Icon name="more" size={20} />
        More
      </button>
    </nav>
  );
}
