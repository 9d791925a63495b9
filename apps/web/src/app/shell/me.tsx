import { lazy, Suspense } from 'react';
import type { SessionUser } from '../../lib/api.ts';
import { useUser } from '../../lib/session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { useSignOut } from './use-sign-out.ts';

const AccountMenu = lazy(() => import('./account-menu.tsx').then((m) => ({ default: m.AccountMenu })));

/** Titles of a person's roles: `Owner`, `Operator and Support`. */
export function roleWords(user: SessionUser): string {
  const titles = [...new Set(user.roles.map((role) => role.title))];
  return titles.length === 0 ? 'No role' : titles.join(' and ');
}

/** Who is signed in, and the way out. */
export function Me() {
  const user = useUser();
  const { signOut, failure } = useSignOut();
  return (
    <section
      aria-label="Signed in"
      className="flex flex-wrap items-center gap-[9px] border-t border-line px-2 pt-2 fold:flex-col fold:px-0"
    >
      <Avatar name={user.name} />
      <div className="min-w-0 flex-1 fold:sr-only">
        <div className="truncate font-medium">{user.name}</div>
        <div className="truncate text-micro text-ink-3">{roleWords(user)}</div>
      </div>
      <span>
        <Suspense fallback={<span className="block size-[30px]" />}>
          <AccountMenu onSignOut={signOut} />
        </Suspense>
      </span>
      {failure !== null && (
        <p role="alert" className="basis-full text-small font-medium text-crit">
          You are still signed in. {failure.message}
        </p>
      )}
    </section>
  );
}
