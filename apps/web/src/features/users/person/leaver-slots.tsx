import type { BlastRadius, LeaverSlot } from '@qd/shared/users';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import type { Zone } from '../../../lib/zone.ts';
import { StatusWord } from '../../../ui/status-word.tsx';

/** Longest list in the dialog; the rest is counted. */
const SHOWN = 5;

/** Slots on call that end with who leaves: how many, where they run now, and where nobody else is. */
export function LeaverSlots({ onCall }: { onCall: BlastRadius['onCall'] }) {
  const { zone } = useTimeZone();
  const { slots, count } = onCall;
  if (count === 0) return null;
  const shown = slots.slice(0, SHOWN);
  return (
    <>
      <dt className="text-ink-3">On call</dt>
      <dd>
        {summaryOf(onCall, zone)}
        <ul aria-label="On-call slots that end" className="grid gap-0.5">
          {shown.map((slot) => (
            <li key={slot.id} className="flex flex-wrap gap-x-2 wrap-anywhere">
              <span>
                {slot.platformName}, {slot.role}, {whenWords(slot, zone)}
              </span>
              {slot.leavesNobody && <StatusWord tone="warn">Nobody else covers it</StatusWord>}
            </li>
          ))}
          {count > shown.length && <li className="text-ink-3">and {count - shown.length} more</li>}
        </ul>
      </dd>
    </>
  );
}

function summaryOf({ slots, count }: BlastRadius['onCall'], zone: Zone): string {
  const ends = count === 1 ? '1 slot ends' : `${count} slots end`;
  const running = slots
    .filter((slot) => slot.isRunning)
    .map((slot) => `${slot.platformName} ${untilWords(slot, zone)}`);
  return running.length === 0 ? ends : `${ends}, now for ${running.join(' and ')}`;
}

function whenWords(slot: LeaverSlot, zone: Zone): string {
  if (slot.isRunning) return `now ${untilWords(slot, zone)}`;
  const nowMs = serverNow();
  return `${formatDateTime(slot.startsAt, zone, nowMs)} to ${formatDateTime(slot.endsAt, zone, nowMs)}`;
}

function untilWords({ endsAt }: LeaverSlot, zone: Zone): string {
  return `until ${formatDateTime(endsAt, zone, serverNow())}`;
}
