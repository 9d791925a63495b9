import { randomUUID } from 'node:crypto';
import { keyEndWords, shownKey } from '@qd/shared/api-keys';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { channelNotices, type ChannelNotice } from '../../../../platform/notices.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import type { KeyRow } from '../../queries.ts';
import { selectPlatformName } from '../../queries/claims.ts';
import type { ConsumerRow } from '../../queries/consumers.ts';
import { insertKeyNotice } from '../../queries/key-notices.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { scopeOfKey } from '../visible-key.ts';

/** One consumer to tell, and at which step; null: by hand. */
export interface Telling {
  consumer: ConsumerRow;
  daysBefore: number | null;
}

/**
 * Tells consumers of the end of a key, each with a link to acknowledge it. A step that was told before is left out. Gives the
 * names of those told.
 */
export async function tellConsumers(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  deps: Pick<ApiKeysDeps, 'sealing'>,
  of: { key: KeyRow; endsAt: Date; isRotated: boolean; tellings: readonly Telling[] },
): Promise<string[]> {
  const { key, endsAt } = of;
  const platformName = await selectPlatformName(tx, key.platform);
  const told: { name: string; notice: ChannelNotice }[] = [];
  for (const { consumer, daysBefore } of of.tellings) {
    const id = `knt_${randomUUID()}`;
    const token = newToken();
    const facts = { keyId: key.id, consumerId: consumer.id, daysBefore, endsAt, sentAt: ctx.now() };
    if (!(await insertKeyNotice(tx, { id, tokenHash: tokenHash(token), ...facts }))) continue;
    const words = keyEndWords({
      keyName: key.name,
      shown: shownKey(key),
      platformName,
      environment: key.environment,
      consumer: consumer.name,
      ownerName: consumer.ownerName,
      endsAt: endsAt.getTime(),
      daysBefore,
      isRotated: of.isRotated,
    });
    const way = { channel: `${consumer.channel}:${consumer.address}`, key: `key-notice:${id}`, topic: 'api-keys.ends' };
    const notice = { ...way, ...words, link: `/acknowledge#${token}`, platform: scopeOfKey(key) };
    told.push({ name: consumer.name, notice });
  }
  await channelNotices(
    tx,
    ctx,
    deps.sealing,
    told.map(({ notice }) => notice),
  );
  return told.map(({ name }) => name);
}
