import type { RotationPreview } from '@qd/shared/api-keys';
import { formatCount } from '../../../lib/format.ts';

/** Who is refused first when the old key ends at once. */
export function BreakingCallers({ preview }: { preview: RotationPreview }) {
  const { callers, callsLastHour } = preview;
  if (callers.length === 0) return <p className="text-ink-2">Nobody called with the key within the last hour.</p>;
  return (
    <section aria-label="Who breaks first">
      <p className="mb-1.5">
        Refuses about <b className="font-strong text-crit">{formatCount(callsLastHour)} calls an hour</b>, first those
        of:
      </p>
      <ul className="grid gap-1">
        {callers.map(({ address, agent, consumer, lastHour }) => (
          <li key={`${address} ${agent}`} className="flex gap-3">
            <span className="min-w-0 flex-1 truncate">
              {consumer ?? `Unknown, ${address}`} <span className="text-small text-ink-3">{agent}</span>
            </span>
            <span className="whitespace-nowrap">{formatCount(lastHour)} in the last hour</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
