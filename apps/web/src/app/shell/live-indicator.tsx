import { useNow } from '../../lib/clock.ts';
import { formatAge, formatDuration } from '../../lib/format.ts';
import type { LiveState } from '../../lib/live-stream.ts';
import { useLive } from '../../lib/live.tsx';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';

const looks: Record<LiveState, { glyph: GlyphName; word: string }> = {
  connecting: { glyph: 'unknown', word: 'Connecting' },
  live: { glyph: 'ok', word: 'Live' },
  reconnecting: { glyph: 'unknown', word: 'Reconnecting' },
  polling: { glyph: 'warn', word: 'Every 15 s' },
  paused: { glyph: 'unknown', word: 'Paused' },
};

/** Whether what you see follows what happens, and how old the last word from the server is. Press to pause. */
export function LiveIndicator() {
  const { state, lastEventAt, downSince, waiting, setPaused } = useLive();
  const now = useNow(1_000);
  const { glyph, word } = looks[state];
  const isPaused = state === 'paused';
  const age = lastEventAt === null ? null : formatAge(now - lastEventAt);
  const note = isPaused
    ? waiting === 1
      ? '1 change waits'
      : `${waiting} changes wait`
    : downSince === null
      ? age === null
        ? 'no event yet'
        : `last event ${age}`
      : `stream lost ${formatDuration(now - downSince, { parts: 1 })} ago`;
  return (
    <button
      type="button"
      aria-pressed={!isPaused}
      title={`${isPaused ? 'Live updates are paused' : 'Live updates are on'}: ${note}. L to ${isPaused ? 'resume' : 'pause'}`}
      onClick={() => setPaused(!isPaused)}
      className="flex h-[30px] flex-none items-center gap-1.5 rounded-2 px-2 text-small font-strong text-ink-2 hover:bg-sunken phone:h-11 phone:px-1.5"
    >
      <Glyph name={glyph} />
      <span className="sr-only">{`Live updates: ${word.toLowerCase()}, ${note}`}</span>
      <span aria-hidden="true" className="phone:hidden">
        {word}
      </span>
      <span aria-hidden="true" className="min-w-[3.2em] text-left font-normal text-ink-3 phone:hidden fold:hidden">
        {isPaused
          ? waiting > 0
            ? `${waiting} new`
            : ''
          : state === 'live' && age !== null
            ? age.replace(' ago', '')
            : ''}
      </span>
    </button>
  );
}
