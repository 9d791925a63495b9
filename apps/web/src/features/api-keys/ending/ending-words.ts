import type { EndingPreview } from '@qd/shared/api-keys/ending';
import { formatCount, formatDecimal } from '../../../lib/format.ts';

/** What ending a key would refuse, in parts so that the number can stand out. */
export interface CostWords {
  /** `about 1,403 requests a minute`; null when nobody calls. */
  rate: string | null;
  /** What comes before and behind the rate, or the whole sentence without one. */
  before: string;
  behind: string;
}

/** What ending a key now would refuse, from the calls of the last minutes, hour and day. */
export function costWords(preview: Pick<EndingPreview, 'perMinute' | 'lastHour' | 'lastDay' | 'from'>): CostWords {
  const { perMinute, lastHour, lastDay, from } = preview;
  const callers = from.length === 0 ? '' : `, from ${listed(from)}`;
  if (perMinute > 0) return { rate: rateWords(perMinute), before: 'Would refuse about ', behind: `${callers}` };
  if (lastHour > 0) {
    return { rate: requests(lastHour), before: 'Would refuse about ', behind: ` an hour${callers}` };
  }
  if (lastDay > 0) {
    return {
      rate: requests(lastDay),
      before: 'Nobody called within the last hour, but there were ',
      behind: ' in 24 h',
    };
  }
  return { rate: null, before: 'Nobody called with this key in the last 24 h', behind: '' };
}

function rateWords(perMinute: number): string {
  const rate = perMinute >= 10 ? formatCount(Math.round(perMinute)) : formatDecimal(perMinute, 1);
  return `${rate} ${rate === '1' ? 'request' : 'requests'} a minute`;
}

function requests(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'request' : 'requests'}`;
}

function listed(names: readonly string[]): string {
  const [last, ...rest] = names.toReversed();
  return rest.length === 0 ? (last ?? '') : `${rest.toReversed().join(', ')} and ${last}`;
}
