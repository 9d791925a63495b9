import type { EndingPreview } from '@qd/shared/api-keys/ending';
import { formatClock } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { costWords } from './ending-words.ts';

/** What ending the key would refuse, and when that was counted. */
export function CostSentence({ preview }: { preview: EndingPreview }) {
  const { zone } = useTimeZone();
  const { rate, before, behind } = costWords(preview);
  return (
    <>
      {before}
      {rate !== null && <b className="font-strong text-crit">{rate}</b>}
      {behind}, as of {formatClock(preview.asOf, zone, { seconds: true, withZone: true })}.
    </>
  );
}
