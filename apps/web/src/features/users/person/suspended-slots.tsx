import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Banner } from '../../../ui/banner.tsx';
import { usePlatformNames } from '../use-platform-names.ts';

/** Shown one by one; more are only counted. */
const SHOWN = 3;

/** Says before somebody is suspended that they are on call, and stay so by name: whoever is suspended cannot come. */
export function SuspendedSlots({ userId }: { userId: string }) {
  const trpc = useTRPC();
  const can = useCan();
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  const [from] = useState(serverNow);
  const { data, error } = useQuery(
    trpc.oncall.list.queryOptions({ userId, from, limit: SHOWN }, { enabled: can('oncall:read'), staleTime: 0 }),
  );
  if (error !== null) {
    return <p className="mb-3 text-ink-2">Whether they are on call could not be read; see the page On call.</p>;
  }
  if (data === undefined || data.rows.length === 0) return null;
  return (
    <Banner tone="warn" title="They are on call, and stay on call by name." className="mb-3">
      Hand these slots over first, or nobody comes:
      <ul>
        {data.rows.map((slot) => (
          <li key={slot.id}>
            {nameOf(slot.platform)}, {slot.role},{' '}
            {slot.state === 'running' ? 'now' : formatDateTime(slot.startsAt, zone, from)} until{' '}
            {formatDateTime(slot.endsAt, zone, from)}
          </li>
        ))}
        {data.nextCursor !== null && <li>and more</li>}
      </ul>
    </Banner>
  );
}
