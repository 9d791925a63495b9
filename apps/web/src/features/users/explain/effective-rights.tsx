import type { EffectiveRights as Rights } from '@qd/shared/roles';
import { useQuery } from '@tanstack/react-query';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { usePlatformNames } from '../use-platform-names.ts';

export interface EffectiveRightsProps {
  userId: string;
  /** Asks why the person may do this, where they may. */
  onAsk(permission: string, platform: string): void;
}

/** Everything a person may do, and where. */
export function EffectiveRights({ userId, onAsk }: EffectiveRightsProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.roles.effective.queryOptions({ userId }));
  if (query.data === undefined) {
    if (query.error !== null) return <ReadTrouble title="What the person may do did not load." query={query} />;
    return <SkeletonRows rows={8} rowHeight="33px" widths={['40%', '20%']} />;
  }
  return <RightsTable rights={query.data} onAsk={onAsk} />;
}

function RightsTable({ rights, onAsk }: { rights: Rights; onAsk: EffectiveRightsProps['onAsk'] }) {
  const { nameOf } = usePlatformNames();
  const { user, permissions } = rights;
  const who = user.name ?? user.email;
  return (
    <section aria-labelledby="rights-title">
      <SectionHead id="rights-title" title={`Everything ${who} may do`} note={`${permissions.length} permissions`} />
      {permissions.length === 0 && (
        <p className="border-t border-ink pt-2 text-ink-3">
          {user.state === 'active' ? 'Nothing: no role is in force.' : `Nothing while ${who} is ${user.state}.`}
        </p>
      )}
      {permissions.length > 0 && (
        <ul className="border-t border-ink">
          {permissions.map(({ permission, sentence, platforms }) => (
            <li key={permission} className="border-b border-line">
              <button
                type="button"
                className="flex w-full flex-wrap content-center items-baseline justify-between gap-x-4 py-1.5 text-left hover:bg-sunken phone:min-h-11"
                onClick={() => onAsk(permission, platforms[0] ?? '*')}
              >
                <span>
                  <span className="sr-only">Why: </span>
                  {sentence}
                </span>
                <span className="text-small text-ink-3">{platforms.map(nameOf).join(', ')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
