import type { LimitsPreview } from '@qd/shared/api-keys';
import { formatCount } from '../../../lib/format.ts';

/** `1,200 calls`. */
export function callWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'call' : 'calls'}`;
}

/** What limits would have refused of the last 24 h, in one or two sentences. */
export function previewWords(preview: LimitsPreview): { text: string; tone: 'ok' | 'warn' } {
  const { calls: all, refusedByAddress, refusedByRate, unknownCalls } = preview;
  if (all === 0) return { text: 'No call came in the last 24 h, so nothing shows what this would refuse.', tone: 'ok' };
  const parts = [
    refusedByAddress > 0 ? `${callWords(refusedByAddress)} for their address, from ${fromWords(preview)}` : '',
    refusedByRate > 0 ? `${callWords(refusedByRate)} over the limit a minute` : '',
  ].filter(Boolean);
  const unknown =
    unknownCalls > 0 ? ` The addresses of ${callWords(unknownCalls)} were not kept apart, so they are not judged.` : '';
  if (parts.length === 0)
    return { text: `Would have refused none of ${callWords(all)} in the last 24 h.${unknown}`, tone: 'ok' };
  return {
    text: `Would have refused ${parts.join(', and ')}, of ${callWords(all)} in the last 24 h.${unknown}`,
    tone: 'warn',
  };
}

function fromWords({ addresses, moreAddresses }: LimitsPreview): string {
  const named = addresses.map(({ address }) => address).join(', ');
  return moreAddresses > 0 ? `${named} and ${formatCount(moreAddresses)} more` : named;
}

/** From where and how often a key may be used, as it is now. */
export function limitWords({
  ipAllow,
  rateLimitPerMin,
}: {
  ipAllow: readonly string[];
  rateLimitPerMin: number | null;
}): {
  from: string;
  rate: string;
} {
  return {
    from: ipAllow.length === 0 ? 'From any address' : `Only from ${ipAllow.join(', ')}`,
    rate: rateLimitPerMin === null ? 'As often as it likes' : `At most ${callWords(rateLimitPerMin)} a minute`,
  };
}
