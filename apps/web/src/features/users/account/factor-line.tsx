import type { TotpView } from '@qd/shared/users';
import type { ReactNode } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { pastOf } from './account-words.ts';

/** One factor: its name, since when, last used when, and what can be done with it. */
export function FactorLine({ factor, note, actions }: { factor: TotpView; note?: ReactNode; actions: ReactNode }) {
  const now = useNow(30_000);
  const { zone } = useTimeZone();
  const used =
    factor.lastUsedAt === null ? 'not used yet' : `last used ${formatWhen(pastOf(factor.lastUsedAt, now), zone, now)}`;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
      <span className="min-w-0 flex-1">
        <span className="block font-medium wrap-anywhere">{factor.label}</span>
        <span className="block text-small text-ink-3">
          Added {formatWhen(pastOf(factor.createdAt, now), zone, now)}, {used}
          {note}
        </span>
      </span>
      <span className="flex gap-2">{actions}</span>
    </li>
  );
}
