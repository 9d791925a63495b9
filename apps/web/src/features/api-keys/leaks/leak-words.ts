import type { LeakHitView, LeakReportView } from '@qd/shared/api-keys/ending';
import { formatCount } from '../../../lib/format.ts';
import type { Tone } from '../../../ui/tone.ts';

/** What was done about a key that was found, and how it is to be taken. */
export function hitWords({ action, state }: Pick<LeakHitView, 'action' | 'state'>): { tone: Tone; text: string } {
  if (state === 'revoked') return { tone: 'none', text: 'Revoked' };
  if (state === 'quarantined') return { tone: 'warn', text: 'Quarantined' };
  if (state === 'rotated' || state === 'expired') return { tone: 'none', text: 'Ended' };
  if (action === 'quarantined') return { tone: 'ok', text: 'Released' };
  return { tone: 'crit', text: 'Still works' };
}

/** What a search found, as a sentence. */
export function foundWords({ counts, characters }: Pick<LeakReportView, 'counts' | 'characters'>): string {
  const size = `${formatCount(characters)} characters`;
  const { found, stopped, working } = counts;
  if (found === 0) return `No key in ${size}.`;
  const parts = [
    stopped > 0 ? `${formatCount(stopped)} quarantined` : null,
    working > 0 ? `${formatCount(working)} still ${working === 1 ? 'works' : 'work'}` : null,
  ].filter((part) => part !== null);
  const count = found === 1 ? 'One key' : `${formatCount(found)} keys`;
  return `${count} in ${size}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

/** Calls made with a leaked key. */
export function callsWords(calls: number, isSinceLeak: boolean): string {
  const since = isSinceLeak ? 'since it lay there' : 'in the 24 h before the report and since';
  if (calls === 0) return `No calls ${since}`;
  return `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'} ${since}`;
}
