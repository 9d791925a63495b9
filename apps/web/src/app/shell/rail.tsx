import { Fragment, lazy, Suspense } from 'react';
import { Link, useLocation } from 'react-router';
import { usePendingKey } from '../../lib/keys.ts';
import { paths } from '../../lib/paths.ts';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { cx } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { LoadLine } from '../../ui/mark.tsx';
import { Me } from './me.tsx';
import { isOn, navEntries, type NavEntry } from './nav.ts';
import { PlatformSwitcher } from './platform-switcher.tsx';
import { SourceLights } from './source-lights.tsx';

const WaitingCount = lazy(() =>
  import('../../features/users/approvals/waiting-count.tsx').then((m) => ({ default: m.WaitingCount })),
);

/** The left edge: where to go, what is narrowed, what the figures stand on, and who is signed in. */
export function Rail() {
  const to = useTo();
  const can = useCan();
  const entries = navEntries.filter((entry) => can(entry.permission));
  return (
    <aside
      aria-label="Console"
      className="sticky top-0 flex h-dvh flex-col gap-3.5 overflow-y-auto border-r border-line bg-canvas px-3 pt-3.5 pb-3 phone:hidden fold:px-2.5"
    >
      <Link
        to={to(paths.overview)}
        className="flex h-7 flex-none items-center gap-[9px] px-1.5 text-lead font-semibold tracking-[-0.012em] fold:px-[7px]"
      >
        <LoadLine />
        <span className="fold:sr-only">Quarterdeck</span>
      </Link>
      <PlatformSwitcher />
      <nav aria-label="Main" className="flex flex-col gap-px">
        {entries.map((entry, index) => (
          <Fragment key={entry.path}>
            {entry.group !== entries[index - 1]?.group && <NavGroup name={entry.group} isFirst={index === 0} />}
            <NavLink entry={entry} />
          </Fragment>
        ))}
      </nav>
      <div className="mt-auto grid grid-cols-[minmax(0,1fr)] gap-3.5">
        <SourceLights />
        <Me />
      </div>
    </aside>
  );
}

function NavGroup({ name, isFirst }: { name: string; isFirst: boolean }) {
  return (
    <>
      <p className={cx('px-2 pb-1 text-micro font-medium text-ink-3 fold:sr-only', !isFirst && 'pt-2.5')}>{name}</p>
      {!isFirst && <span aria-hidden="true" className="mx-1 my-2 hidden border-t border-line fold:block" />}
    </>
  );
}

function NavLink({ entry }: { entry: NavEntry }) {
  const to = useTo();
  const can = useCan();
  const { pathname } = useLocation();
  const isPending = usePendingKey() === 'g';
  const on = isOn(entry, pathname);
  return (
    <Link
      to={to(entry.path)}
      aria-current={on ? 'page' : undefined}
      title={`${entry.label}, keys G ${entry.key.toUpperCase()}`}
      className={cx(
        'relative flex h-[30px] items-center gap-[9px] rounded-2 px-2 fold:h-[34px] fold:justify-center fold:px-0',
        on
          ? 'bg-sunken font-semibold text-ink before:absolute before:inset-y-[5px] before:-left-3 before:w-[3px] before:bg-overprint-line fold:before:-left-2.5'
          : 'font-medium text-ink-2 hover:bg-sunken',
      )}
    >
      <Icon name={entry.icon} className={on ? '' : 'text-ink-3'} />
      <span className="fold:sr-only">{entry.label}</span>
      {entry.path === paths.users && can('approvals:decide') && (
        <Suspense>
          <WaitingCount />
        </Suspense>
      )}
      <span aria-hidden="true" className={cx('ml-auto', isPending ? 'fold:absolute fold:right-0' : 'fold:hidden')}>
        {isPending ? (
          <Kbd className="border-overprint-line text-overprint">{entry.key.toUpperCase()}</Kbd>
        ) : (
          <span className="font-mono text-[10.5px] tracking-[.04em] text-ink-3">G {entry.key.toUpperCase()}</span>
        )}
      </span>
    </Link>
  );
}
