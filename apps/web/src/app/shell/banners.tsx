import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { SourceHealth } from '../../lib/api.ts';
import { useNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { formatClock, formatDuration } from '../../lib/format.ts';
import type { LiveStatus } from '../../lib/live-stream.ts';
import { useLive } from '../../lib/live.tsx';
import { useReach, type Reach } from '../../lib/reach.ts';
import { useUser } from '../../lib/session.tsx';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Banner, type BannerTone } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useSources } from './source-lights.tsx';

const EnrolBanner = lazy(() => import('./enrol-banner.tsx').then((m) => ({ default: m.EnrolBanner })));

export interface Trouble {
  tone: BannerTone;
  title: string;
  text: string;
}

export interface Signs {
  reach: Reach;
  live: Pick<LiveStatus, 'state' | 'downSince'>;
  sources: readonly SourceHealth[];
  /** True when the records could not be read although the console answered. */
  recordsFail: boolean;
  isOffline: boolean;
}

/** The stream may break for this long before a banner says so; the indicator in the bar shows it at once. */
const QUIET_MS = 15_000;

function downStore(signs: Signs, kind: 'postgres' | 'redis'): SourceHealth | undefined {
  return signs.sources.find((source) => source.kind === kind && source.state === 'down');
}

/** The one thing to say: the worst that is true, or nothing. */
export function worstTrouble(signs: Signs, now: number, clock: (at: number) => string): Trouble | null {
  const { reach, live } = signs;
  const since = (at: number | null | undefined) => (at == null ? '' : ` since ${clock(at)}`);
  const seen = (at: number | null | undefined) => (at == null ? '' : ` You are looking at ${clock(at)}.`);
  if (signs.isOffline || reach.lostSince !== null) {
    const who = signs.isOffline ? 'This device is offline' : 'The console cannot be reached';
    return {
      tone: 'crit',
      title: `${who}${since(reach.lostSince)}.${seen(reach.lastAnswerAt)}`,
      text: 'What is on screen stays and can be read. Changes are off until the console answers.',
    };
  }
  const postgres = downStore(signs, 'postgres');
  if (postgres || signs.recordsFail) {
    return {
      tone: 'crit',
      title: `${postgres?.name ?? 'The database'} is down${since(postgres?.since)}.${seen(postgres?.since ?? reach.lastAnswerAt)}`,
      text: 'You can read what is on screen. Changes are off until it returns; nothing acknowledged is lost.',
    };
  }
  const redis = downStore(signs, 'redis');
  if (redis) {
    return {
      tone: 'warn',
      title: `Redis is down${since(redis.since)}. Live updates are off.`,
      text: 'Pages refresh every 15 s from Postgres. Everything else works, a little slower.',
    };
  }
  if (live.state === 'polling' && live.downSince !== null && now - live.downSince >= QUIET_MS) {
    return {
      tone: 'stale',
      title: `Live updates lost for ${formatDuration(now - live.downSince, { parts: 1 })}.`,
      text: 'Pages refresh every 15 s instead, and the stream is tried again by itself.',
    };
  }
  return null;
}

/** At most one banner, the worst; it goes away by itself when it is no longer true. */
export function Banners() {
  const client = useQueryClient();
  const reach = useReach();
  const live = useLive();
  const now = useNow(5_000);
  const { zone } = useTimeZone();
  const { enrolBy } = useUser();
  const { data, error } = useSources();
  const kind = error ? describeError(error).kind : null;
  const trouble = worstTrouble(
    {
      reach,
      live,
      sources: data?.sources ?? [],
      recordsFail: kind === 'upstream' || kind === 'bug',
      isOffline: !navigator.onLine,
    },
    now,
    (at) => formatClock(at, zone, { seconds: true, withZone: true }),
  );
  if (trouble === null) return enrolBy === null ? null : <Due enrolBy={enrolBy} />;
  return (
    <div className="max-w-[1720px] px-gutter pt-2.5">
      <Banner
        tone={trouble.tone}
        title={trouble.title}
        actions={
          <Button size="s" icon="refresh" onClick={() => void client.refetchQueries({ type: 'active' })}>
            Try now
          </Button>
        }
      >
        {trouble.text}
      </Banner>
    </div>
  );
}

function Due({ enrolBy }: { enrolBy: number }) {
  return (
    <div className="max-w-[1720px] px-gutter pt-2.5">
      <Suspense>
        <EnrolBanner enrolBy={enrolBy} />
      </Suspense>
    </div>
  );
}
