import { addressRanges, ratePerMin } from '@qd/shared/api-keys';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { rangesIn } from '../create/draft.ts';
import { rateIn } from './limits-draft.ts';
import { previewWords } from './limits-words.ts';

/** What the limits as typed would have refused of the last 24 h. */
export function LimitsPreview({ id, ranges, rate }: { id: string; ranges: string; rate: string }) {
  const trpc = useTRPC();
  const ipAllow = addressRanges.safeParse(rangesIn(ranges));
  const rateLimitPerMin = ratePerMin.safeParse(rateIn(rate));
  const isReadable = ipAllow.success && rateLimitPerMin.success;
  const input = { id, ipAllow: ipAllow.data ?? [], rateLimitPerMin: rateLimitPerMin.data ?? null };
  const { data, error } = useQuery(
    trpc.apiKeys.limitsPreview.queryOptions(input, { enabled: isReadable, placeholderData: keepPreviousData }),
  );
  const said = data === undefined ? null : previewWords(data);
  const words = !isReadable
    ? 'Put the limits right to see what they would refuse.'
    : error !== null
      ? `What they would refuse could not be read. ${describeError(error).remedy}`
      : (said?.text ?? 'Reading the calls of the last 24 h…');
  return (
    <p
      role="status"
      className={`border-l-3 bg-sunken px-2.5 py-2 ${said?.tone === 'warn' && isReadable ? 'border-warn-fill font-medium' : 'border-overprint-line text-ink-2'}`}
    >
      {words}
    </p>
  );
}
