import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { afterEach, expect, test } from 'vitest';
import type { AppRouter } from './api.ts';
import { answerProofs, askForProof, demandOf, proofHeader, stepUpLink } from './step-up.ts';

const demand = { act: 'a'.repeat(64), methods: ['totp'] as const };
const refusal = TRPCClientError.from<AppRouter>({
  error: { message: 'Prove it.', code: -32001, data: { domainCode: 'step_up', stepUp: demand } as never },
});

/** A server that wants the token `good` before it does anything; keeps what it was sent. */
function server(sent: Record<string, string>[]): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const header = proofHeader(op);
        sent.push(header);
        if (header['x-qd-step-up'] !== 'good') return observer.error(refusal);
        observer.next({ result: { type: 'data', data: { ok: true } } });
        observer.complete();
      });
}

let stop = (): void => undefined;
afterEach(() => stop());

test('an act that is refused for want of a proof is sent again with one', async () => {
  const sent: Record<string, string>[] = [];
  const asked: unknown[] = [];
  stop = answerProofs((request) => {
    asked.push(request.demand);
    request.settle('good');
  });
  const api = createTRPCClient<AppRouter>({ links: [stepUpLink(), server(sent)] });
  expect(await api.settings.removeDemo.mutate()).toEqual({ ok: true });
  expect(asked).toEqual([demand]);
  expect(sent).toEqual([{}, { 'x-qd-step-up': 'good' }]);
});

test('who gives up, or has nobody to ask, sees the refusal; a proof that is not taken is not asked for twice', async () => {
  const sent: Record<string, string>[] = [];
  const api = createTRPCClient<AppRouter>({ links: [stepUpLink(), server(sent)] });
  await expect(api.settings.removeDemo.mutate()).rejects.toThrow('Prove it.');
  stop = answerProofs((request) => request.settle(null));
  await expect(api.settings.removeDemo.mutate()).rejects.toThrow('Prove it.');
  stop();
  stop = answerProofs((request) => request.settle('wrong'));
  await expect(api.settings.removeDemo.mutate()).rejects.toThrow('Prove it.');
  expect(sent).toEqual([{}, {}, {}, { 'x-qd-step-up': 'wrong' }]);
});

test('only this refusal demands a proof', async () => {
  expect(demandOf(refusal)).toEqual(demand);
  expect(demandOf(new Error('other'))).toBeNull();
  expect(demandOf(Object.assign(new Error('x'), { data: { domainCode: 'forbidden', stepUp: demand } }))).toBeNull();
  expect(demandOf(Object.assign(new Error('x'), { data: null }))).toBeNull();
  expect(await askForProof(demand)).toBeNull();
});
