import type { StepUpDemand } from '@qd/shared/errors';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { refusal, renderApp, type Answers } from '../../../test/render-app.tsx';
import { askForProof } from '../../lib/step-up.ts';
import './step-up-dialog.tsx';

vi.mock('@simplewebauthn/browser', () => ({
  startAuthentication: ({ optionsJSON }: { optionsJSON: { challenge: string } }) =>
    optionsJSON.challenge === 'refuse'
      ? Promise.reject(Object.assign(new Error('no'), { name: 'NotAllowedError' }))
      : Promise.resolve({ id: 'made', answered: optionsJSON.challenge }),
}));

const demand = (act: string, methods: StepUpDemand['methods'] = ['totp', 'recovery']): StepUpDemand => ({
  act: act.repeat(64),
  methods,
});

let answers: Answers;
beforeEach(() => {
  answers = { 'session.stepUp': { token: 'proof-1' } };
});

/** The product, with an act that waits for its proof. */
async function ask(what: StepUpDemand) {
  const view = renderApp('/', answers);
  await screen.findByRole('heading', { level: 1 });
  let token: string | null | undefined;
  const waiting = (one: StepUpDemand) => void askForProof(one).then((settled) => (token = settled));
  waiting(what);
  const dialog = within(await screen.findByRole('dialog', { name: 'Prove that it is you' }));
  return { ...view, dialog, waiting, user: userEvent.setup(), token: () => token };
}

test('a code proves it, and the act gets its token', async () => {
  const { dialog, user, calls, token } = await ask(demand('a'));
  await user.type(dialog.getByLabelText('Code of your authenticator app'), '123456{Enter}');
  await waitFor(() => expect(token()).toBe('proof-1'));
  expect(calls.find((call) => call.path === 'session.stepUp')?.input).toEqual({
    act: 'a'.repeat(64),
    proof: { method: 'totp', code: '123456' },
  });
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a wrong code is an answer, not an ended session; another way can be chosen', async () => {
  answers['session.stepUp'] = (input: unknown) =>
    JSON.stringify(input).includes('"totp"')
      ? refusal('unauthenticated', 'This code is wrong, too old, or was used before; give a new one.')
      : { token: 'proof-2' };
  const { dialog, user, token, address } = await ask(demand('a'));
  await user.type(dialog.getByLabelText('Code of your authenticator app'), '111111{Enter}');
  expect((await dialog.findByRole('alert')).textContent).toContain('This code is wrong');
  expect(address.current).toBe('/');
  await user.click(dialog.getByRole('radio', { name: 'Recovery code' }));
  expect(dialog.queryByRole('alert')).toBeNull();
  await user.type(dialog.getByLabelText('One of your recovery codes'), 'abcd-efgh-jkmn-pqrs{Enter}');
  await waitFor(() => expect(token()).toBe('proof-2'));
});

test('who gives up gets no token', async () => {
  const { dialog, user, token } = await ask(demand('a', ['password']));
  expect(dialog.getByLabelText('Your password')).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(token()).toBeNull());
});

test('acts that come at once are proved one after the other', async () => {
  const { dialog, user, waiting, token, calls } = await ask(demand('a'));
  waiting(demand('b'));
  await user.type(dialog.getByLabelText('Code of your authenticator app'), '123456{Enter}');
  await waitFor(() => expect(token()).toBe('proof-1'));
  const next = within(await screen.findByRole('dialog', { name: 'Prove that it is you' }));
  const field = next.getByLabelText('Code of your authenticator app');
  expect((field as HTMLInputElement).value).toBe('');
  await user.type(field, '654321{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const acts = calls
    .filter((call) => call.path === 'session.stepUp')
    .map((call) => (call.input as { act: string }).act[0]);
  expect(acts).toEqual(['a', 'b']);
});

test('a passkey answers what the server asks for this act; what the browser refuses is said', async () => {
  let challenge = 'refuse';
  answers['session.stepUpOptions'] = () => ({ methods: ['passkey'], passkey: { challenge } });
  const { dialog, user, calls, token } = await ask(demand('c', ['passkey']));
  await user.click(dialog.getByRole('button', { name: 'Use the passkey' }));
  expect((await dialog.findByRole('alert')).textContent).toBe('The browser did not confirm the passkey.');
  challenge = 'of-this-act';
  await user.click(dialog.getByRole('button', { name: 'Use the passkey' }));
  await waitFor(() => expect(token()).toBe('proof-1'));
  expect(calls.find((call) => call.path === 'session.stepUp')?.input).toMatchObject({
    proof: { method: 'passkey', response: { answered: 'of-this-act' } },
  });
});
