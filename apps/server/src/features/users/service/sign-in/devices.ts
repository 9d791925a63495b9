import { hash } from 'node:crypto';
import { deviceWords, noticeWords } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { newToken } from '../../../../platform/session.ts';
import type { Account } from '../../queries/accounts.ts';
import { countDevices, insertDevice, touchDevice } from '../../queries/devices.ts';
import { newId } from '../deps.ts';

const tokenShape = /^[A-Za-z0-9_-]{43}$/;

/** The browser someone signs in from. */
export interface Device {
  id: string;
  /** Token to leave in the browser, or null when it has one. */
  newToken: string | null;
}

/** Recognises the browser, and tells the person of one they have not used before; of the first one ever there is nothing to tell. */
export async function recogniseDevice(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  from: { account: Pick<Account, 'id' | 'email' | 'name'>; http: HttpCall },
): Promise<Device> {
  const { account, http } = from;
  const now = ctx.now();
  const brought = http.deviceToken !== null && tokenShape.test(http.deviceToken) ? http.deviceToken : null;
  const token = brought ?? newToken();
  const { userAgent } = http;
  const seen = { userId: account.id, tokenHash: hash('sha256', token, 'buffer'), userAgent, now };
  const known = brought === null ? null : await touchDevice(tx, seen);
  if (known !== null) return { id: known, newToken: null };
  const others = await countDevices(tx, account.id);
  const id = newId('dev');
  await insertDevice(tx, { ...seen, id, firstSeenAt: now, lastSeenAt: now });
  if (others > 0) {
    const words = noticeWords('users.signed_in_on_new_device', {
      device: deviceWords(userAgent),
      address: http.address,
    });
    await notice(tx, ctx, { to: account, ...words, url: '/account' });
  }
  return { id, newToken: brought === null ? token : null };
}
