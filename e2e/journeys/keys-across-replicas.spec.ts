import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { clockMs, countOf, letInAgain, refusedAt, startHammer, type Hammer } from '../fixtures/hammer.ts';
import { act, createKey, gatewayKey, readSlos, type ShownKey } from '../fixtures/keys.ts';
import { signIn } from '../fixtures/sign-in.ts';
import { owner, ownStack, type Replica } from '../fixtures/stack.ts';

const stack = ownStack();

/** A replica whose clock is wrong must end keys at the same instant as the others. */
const AHEAD_MS = 90_000;
/** Longest a key that was remembered is let in without news of its end. */
const MEMORY_MS = 30_000;
const EVERYWHERE = ['slos 0', 'slos 1', 'verify 0', 'verify 1'];

let other: Replica;
let gateway: string;

test.describe.configure({ mode: 'serial' });
test.setTimeout(360_000);

test.beforeAll(async () => {
  test.setTimeout(360_000);
  other = await stack.startReplica(AHEAD_MS);
  gateway = await gatewayKey(stack);
});

function hammerWith(key: string, callers = 6): Hammer {
  return startHammer([stack.url, other.url], { callers, key, gateway });
}

/** Goes on when calls with the key were answered so often more. */
async function moreOf(hammer: Hammer, key: string, count: number): Promise<void> {
  const before = countOf(hammer, key);
  await expect.poll(() => countOf(hammer, key) - before).toBeGreaterThanOrEqual(count);
}

async function refusedEverywhere(hammer: Hammer, key: string): Promise<void> {
  await expect.poll(() => refusedAt(hammer, key), { timeout: 60_000 }).toEqual(EVERYWHERE);
}

/** Revokes a key at one replica; gives when it was asked for and when it was done. */
async function revoke(request: APIRequestContext, url: string, key: { id: string; name: string }) {
  const askedMs = clockMs();
  await act(request, { url }, 'apiKeys.ending.revoke', { id: key.id, reason: 'ends the test', typedName: key.name });
  return { askedMs, doneMs: clockMs() };
}

async function asOwner(page: Page): Promise<APIRequestContext> {
  await signIn(page, stack, owner);
  return page.request;
}

const statusesOf = (hammer: Hammer, key: string): number[] =>
  [...new Set(hammer.calls.filter((call) => call.key === key).map(({ status }) => status))].toSorted((a, b) => a - b);

test('not a call is lost while a key is rotated, and none is let in after its end', async ({ page }) => {
  const request = await asOwner(page);
  const old = await createKey(request, stack, { name: 'Hammered' });
  const hammer = hammerWith(old.text);
  await moreOf(hammer, old.text, 200);

  const start = { keyId: old.id, overlapDays: 7, reason: 'quarterly' };
  const { text } = await act<{ text: string }>(request, stack, 'apiKeys.rotation.start', start);
  for (const caller of [0, 1, 2]) hammer.send(caller, text);
  await Promise.all([moreOf(hammer, old.text, 100), moreOf(hammer, text, 100)]);
  // One consumer stays behind, so that the end of the old key is seen from outside.
  for (const caller of [3, 4]) hammer.send(caller, text);
  await moreOf(hammer, old.text, 20);

  const closedMs = clockMs();
  const close = { keyId: old.id, reason: 'all have moved', typedName: 'Hammered' };
  await act(request, { url: other.url }, 'apiKeys.rotation.close', close);
  await refusedEverywhere(hammer, old.text);
  hammer.send(5, text);
  await moreOf(hammer, text, 200);
  await hammer.stop();

  expect(statusesOf(hammer, text)).toEqual([200]);
  const early = hammer.calls.filter((call) => call.key === old.text && call.doneMs < closedMs);
  expect(early.length).toBeGreaterThan(300);
  expect(early.filter(({ status }) => status !== 200)).toEqual([]);
  expect(statusesOf(hammer, old.text)).toEqual([200, 401]);
  expect(letInAgain(hammer, old.text)).toEqual([]);
});

test('the first use of a successor ends the old key in every replica, where the rotation says so', async ({ page }) => {
  const request = await asOwner(page);
  const old = await createKey(request, stack, { name: 'Graced' });
  const hammer = hammerWith(old.text, 2);
  await moreOf(hammer, old.text, 40);
  const start = { keyId: old.id, overlapDays: 7, graceHours: 0, reason: 'one consumer only' };
  const { text } = await act<{ text: string }>(request, stack, 'apiKeys.rotation.start', start);
  await moreOf(hammer, old.text, 40);
  expect(statusesOf(hammer, old.text)).toEqual([200]);

  expect((await readSlos(other.url, text)).status).toBe(200);
  await refusedEverywhere(hammer, old.text);
  await hammer.stop();
  expect(letInAgain(hammer, old.text)).toEqual([]);
});

test('an emergency rotation ends the old key at once, also when asked of a clock that is ahead', async ({ page }) => {
  const request = await asOwner(page);
  const old = await createKey(request, stack, { name: 'Lost in a train' });
  const hammer = hammerWith(old.text, 4);
  await moreOf(hammer, old.text, 80);
  const lost = { keyId: old.id, reason: 'the laptop is gone' };
  const { text } = await act<{ text: string }>(request, { url: other.url }, 'apiKeys.rotation.emergency', lost);
  await refusedEverywhere(hammer, old.text);
  for (const caller of [0, 1, 2, 3]) hammer.send(caller, text);
  await moreOf(hammer, text, 80);
  await hammer.stop();
  expect(letInAgain(hammer, old.text)).toEqual([]);
  expect(statusesOf(hammer, text)).toEqual([200]);
});

test('a key revoked in one replica is refused in the other', async ({ page }) => {
  const request = await asOwner(page);
  const name = 'Revoked aside';
  const key = await createKey(request, stack, { name });
  const hammer = hammerWith(key.text);
  await moreOf(hammer, key.text, 100);
  const { askedMs } = await revoke(request, other.url, { id: key.id, name });
  await refusedEverywhere(hammer, key.text);
  await hammer.stop();
  const early = hammer.calls.filter(({ doneMs }) => doneMs < askedMs);
  expect(early.filter(({ status }) => status !== 200)).toEqual([]);
  expect(letInAgain(hammer, key.text)).toEqual([]);
});

/** Breaks the news, revokes a remembered key in one replica, and lets the news come back. */
async function revokeWithout(
  page: Page,
  name: string,
  news: { stop(): Promise<void> | void; mend(): Promise<unknown> },
) {
  const request = await asOwner(page);
  const key: ShownKey = await createKey(request, stack, { name });
  const hammer = hammerWith(key.text);
  await moreOf(hammer, key.text, 100);
  await news.stop();
  const { doneMs } = await revoke(request, stack.url, { id: key.id, name });
  await refusedEverywhere(hammer, key.text);
  await news.mend();
  await moreOf(hammer, key.text, 400);
  await hammer.stop();
  expect(letInAgain(hammer, key.text)).toEqual([]);
  expect(statusesOf(hammer, key.text)).toEqual([200, 401]);
  return hammer.calls.filter(({ status, sentMs }) => status === 200 && sentMs > doneMs + MEMORY_MS);
}

test('a key revoked while Redis is down is refused in both, then and when it is back', async ({ page }) => {
  const wires = [stack.wires?.redis, other.redis].filter((wire) => wire !== undefined);
  const late = await revokeWithout(page, 'Revoked in the dark', {
    stop: async () => void (await Promise.all(wires.map((wire) => wire.cut()))),
    mend: () => Promise.all(wires.map((wire) => wire.mend())),
  });
  expect(late).toEqual([]);
});

test('a replica the news no longer reaches forgets the key by itself', async ({ page }) => {
  const late = await revokeWithout(page, 'Revoked in silence', {
    stop: () => other.redis.hush(),
    mend: () => other.redis.mend(),
  });
  expect(late).toEqual([]);
});
