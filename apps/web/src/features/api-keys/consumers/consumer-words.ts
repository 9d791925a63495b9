import type { ConsumerChannel, NewConsumer } from '@qd/shared/api-keys';

export const channelTitles: Readonly<Record<ConsumerChannel, string>> = {
  email: 'Email',
  slack: 'Slack',
  webhook: 'Webhook',
};

export const addressLabels: Readonly<Record<ConsumerChannel, { label: string; hint: string }>> = {
  email: { label: 'Address', hint: 'Like ops@example.com.' },
  slack: { label: 'Channel', hint: 'Like #ops, in the workspace alerts go to.' },
  webhook: { label: 'Address', hint: 'Like https://example.com/hook; notices are posted there.' },
};

/** How a consumer is told, in a few words. */
export function channelWords({ channel, address }: Pick<NewConsumer, 'channel' | 'address'>): string {
  return channel === 'email' ? address : `${channelTitles[channel]} ${address}`;
}

/** How the calls of a consumer are told from others'. */
export function matchWords({ ranges, agents }: Pick<NewConsumer, 'ranges' | 'agents'>): string {
  const from = ranges.length === 0 ? '' : `from ${ranges.join(', ')}`;
  const as = agents.length === 0 ? '' : `as ${agents.map((agent) => `“${agent}…”`).join(', ')}`;
  return from === '' && as === '' ? 'Its calls are not told apart' : `Calls ${[from, as].filter(Boolean).join(' ')}`;
}
