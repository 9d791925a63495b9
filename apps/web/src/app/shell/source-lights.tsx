import { useQuery } from '@tanstack/react-query';
import type { SourceHealth } from '../../lib/api.ts';
import { useNow } from '../../lib/clock.ts';
import { formatAge, formatDuration, formatMs } from '../../lib/format.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useCan } from '../../lib/use-can.ts';
import { cx } from '../../ui/class-names.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';

/** The lights are read by themselves: a source that fell silent sends no event. */
const REFRESH_MS = 15_000;
const MOST = 6;

const rank: Record<SourceHealth['state'], number> = { down: 0, slow: 1, ok: 2, absent: 3 };
const glyphs: Record<SourceHealth['state'], GlyphName> = { down: 'crit', slow: 'warn', ok: 'ok', absent: 'unknown' };
const tones: Record<SourceHealth['state'], string> = { down: 'text-crit', slow: 'text-warn', ok: '', absent: '' };

export function useSources() {
  const trpc = useTRPC();
  const can = useCan();
  return useQuery(
    trpc.health.sources.queryOptions(undefined, {
      enabled: can('health:read'),
      refetchInterval: REFRESH_MS,
      staleTime: REFRESH_MS,
    }),
  );
}

/** State of a source in a few words: `12 s ago`, `3 ms`, `down 4 min`. */
export function sourceWords(source: SourceHealth, now: number): string {
  const { state, since, lastOkAt, latencyMs, kind } = source;
  if (state === 'down') return since === null ? 'down' : `down ${formatDuration(now - since, { parts: 1 })}`;
  if (state === 'absent') return 'not in use';
  if (kind !== 'source' || lastOkAt === null) return latencyMs === null ? 'no reading' : formatMs(latencyMs);
  return formatAge(now - lastOkAt);
}

/** What the figures stand on: one light per source, with its age or its answer time. */
export function SourceLights() {
  const { data, isError } = useSources();
  const now = useNow(1_000);
  const can = useCan();
  const isOld = isError || (data !== undefined && now - data.asOf > 4 * REFRESH_MS);
  if (!can('health:read')) return null;
  const sources = data?.sources.toSorted((a, b) => rank[a.state] - rank[b.state]) ?? [];
  const hidden = sources.length - MOST;
  return (
    <section
      aria-label="Data sources"
      className="grid min-h-[27px] grid-cols-[minmax(0,1fr)] gap-[5px] border-t border-line px-2 pt-2.5 text-small text-ink-2 fold:justify-items-center fold:px-0"
    >
      {sources.slice(0, MOST).map((source) => (
        <div
          key={source.key}
          className={cx('flex items-center gap-[7px]', !isOld && tones[source.state])}
          title={
            isOld ? `${source.name}: not known now` : (source.error ?? `${source.name}: ${sourceWords(source, now)}`)
          }
        >
          <Glyph name={isOld ? 'unknown' : glyphs[source.state]} />
          <span className="min-w-0 truncate [font-stretch:88%] fold:sr-only">{source.name}</span>
          <span
            className={cx(
              'ml-auto whitespace-nowrap fold:sr-only',
              (isOld || tones[source.state] === '') && 'text-ink-3',
            )}
          >
            {isOld ? 'not known' : sourceWords(source, now)}
          </span>
        </div>
      ))}
      {hidden > 0 && <p className="text-ink-3 fold:sr-only">and {hidden} more, all as well or better</p>}
    </section>
  );
}
