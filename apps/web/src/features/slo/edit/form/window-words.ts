import { nominalMs } from '@qd/shared/slo';
import { lengthWords } from '../describe-definition.ts';
import type { WindowDraft } from '../draft/draft.ts';
import { lengthMs } from '../draft/length.ts';

/** Length (ms) of a window as typed, a month taken as 30 days; null while it cannot be read. */
export function nominalWindowMs({ kind, length, unit, count, timeZone, startDate }: WindowDraft): number | null {
  if (kind === 'calendar') {
    const periods = Number(count);
    return Number.isInteger(periods) && periods > 0 ? nominalMs({ unit, count: periods, timeZone, startDate }) : null;
  }
  return lengthMs(length);
}

/** A window in a few words: `30 d from 1 Nov`, `rolling 7 d`, `calendar month, Europe/Berlin`. */
export function windowDraftWords(window: WindowDraft): string {
  if (window.kind === 'calendar') {
    const span = window.count === '1' ? window.unit : `${window.count} ${window.unit}s`;
    return `calendar ${span}, ${window.timeZone}`;
  }
  const ms = nominalWindowMs(window);
  const length = ms === null ? window.length : lengthWords(ms);
  return window.kind === 'rolling' ? `rolling ${length}` : `every ${length} from ${window.anchorDay}`;
}
