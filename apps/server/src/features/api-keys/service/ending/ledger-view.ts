import type { LedgerNeed, LedgerView } from '@qd/shared/api-keys/ending';
import { platformsWith } from '@qd/shared/permissions';
import type { Ctx } from '../../../../platform/context.ts';
import type { ApiKeysDeps } from '../deps.ts';

type Reader = Pick<Ctx, 'actor' | 'now'>;
type Deps = Pick<ApiKeysDeps, 'tombstones'>;

/** How the ledger of ended keys fares; null for who does not see the keys of all platforms, for it does not tell them apart. */
export function ledgerView(ctx: Reader, { tombstones }: Deps): LedgerView | null {
  if (platformsWith(ctx.actor.grants, 'api-keys:read') !== '*') return null;
  const { ended, unwritten, failure, lacked, revived, isBesideDatabase, comparedAt } = tombstones.state();
  return {
    ended,
    unwritten: failure === null || unwritten === 0 ? null : { keys: unwritten, at: failure.since },
    failingSince: failure?.since ?? null,
    lacked,
    revived,
    isBesideDatabase,
    comparedAt,
    asOf: ctx.now().getTime(),
  };
}

/** The same, only while it asks for somebody. */
export function ledgerNeed(ctx: Reader, deps: Deps): LedgerNeed | null {
  const view = ledgerView(ctx, deps);
  if (view === null || view.failingSince === null) return null;
  const { ended, unwritten, failingSince } = view;
  return { ended, unwritten, failingSince };
}
