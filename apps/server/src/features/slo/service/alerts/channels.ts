import { randomUUID } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import type { ChannelInput, ChannelView } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import type { OutgoingMessage } from '../../../../adapters/notify/port.ts';
import { channelStates } from '../../../../db/queries/notifications.ts';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import type { AlertChannel, AlertDeps } from './deps.ts';

/** The channels alerts go out on, and how they fare. Throws `forbidden` unless the actor may change settings everywhere. */
export async function listChannels(ctx: Ctx, { channels }: AlertDeps): Promise<{ rows: ChannelView[] }> {
  assertCan(ctx, 'settings:write', null);
  const failedSince = new Date(ctx.now().getTime() - DAY_MS);
  const names = channels.map(({ channel }) => channel);
  const states = await channelStates(ctx.db, names, failedSince);
  const rows = channels.map(({ channel, kind, target }): ChannelView => {
    const state = states.get(channel);
    return {
      channel,
      kind,
      target,
      lastSentAt: state?.lastSentAt?.getTime() ?? null,
      lastError: state?.lastError ?? null,
      queued: state?.queued ?? 0,
      failed24h: state?.failed ?? 0,
    };
  });
  return { rows };
}

/**
 * Sends a message to one channel at once, so that an admin sees whether it arrives. Recorded whatever comes of it.
 * Throws `not_found` for a channel that is not configured, and what the channel threw.
 */
export async function testChannel(ctx: Ctx, deps: AlertDeps, input: ChannelInput): Promise<void> {
  assertCan(ctx, 'settings:write', null);
  const found = deps.channels.find(({ channel }) => channel === input.channel);
  const notifier = found === undefined ? undefined : deps.notifiers.get(found.kind);
  if (found === undefined || notifier === undefined) {
    const message = 'is not configured; set its variables and start the console again';
    const fields = [{ field: 'channel', message }];
    throw new DomainError('not_found', `The channel ${input.channel} ${message}.`, { fields });
  }
  const failure = await notifier.send(trial(ctx, found, deps)).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  await write(ctx, async (_tx, record) =>
    record({
      action: 'slo.channel_tested',
      category: 'slo',
      status: failure === null ? 'success' : 'failure',
      details: { channel: found.channel, ...(failure === null ? {} : { reason: failure.message }) },
    }),
  );
  if (failure !== null) throw failure;
}

function trial(ctx: Ctx, { channel }: AlertChannel, { publicUrl }: AlertDeps): OutgoingMessage {
  const colon = channel.indexOf(':');
  return {
    key: `slo.channel_test.${randomUUID()}`,
    to: colon === -1 ? null : channel.slice(colon + 1),
    topic: 'slo.channel_test',
    severity: 'info',
    title: 'Quarterdeck can reach you',
    text: `${ctx.actor.name} tried this channel. Alerts will arrive here.`,
    url: publicUrl,
    platform: null,
    details: {},
    at: ctx.now().toISOString(),
  };
}
