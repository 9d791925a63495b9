import type { ManyRotationCandidate, ManyRotationVerdict } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import './rotate-many-dialog.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const fits = (keyId: string, name: string): ManyRotationCandidate => ({
  keyId,
  name,
  platform: 'hashinsight',
  environment: 'prod',
  consumers: 2,
  sentTo: 'edge@example.test',
  overlapDays: 7,
  deadlineAt: NOW + 7 * DAY_MS,
  isCutByExpiry: false,
  refusal: null,
});
const leftOut = (keyId: string, name: string, words: string): ManyRotationCandidate => ({
  ...fits(keyId, name),
  sentTo: null,
  overlapDays: null,
  deadlineAt: null,
  refusal: words,
});
const billing = fits('a1b2c3d4', 'Billing sync');
const sandbox = fits('d1e2v3s4', 'Dev sandbox');
const noConsumer = 'Dev sandbox names no consumer to send the new key to.';

/** The list with two keys chosen, and the dialog that asks about them. */
async function rotateChosen(answers: Answers) {
  const view = renderApp('/keys', { ...keys, 'session.get': aSession({ user: owner }), ...answers });
  const rows = within(await screen.findByRole('table', { name: 'API keys by platform' }));
  for (const name of ['Select Billing sync', 'Select Dev sandbox']) {
    fireEvent.click(rows.getAllByRole('checkbox', { name })[0] ?? document.body);
  }
  const bar = within(await screen.findByRole('region', { name: 'Acts on those chosen' }));
  fireEvent.click(bar.getByRole('button', { name: 'Rotate' }));
  return view;
}
const dialog = async (name: string | RegExp) => within(await screen.findByRole('dialog', { name }));
const textOf = (file: Blob = new Blob()): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.readAsText(file);
  });
const inputsOf = (calls: { path: string; input: unknown }[], path: string) =>
  calls.filter((made) => made.path === `apiKeys.rotation.${path}`).map((made) => made.input);

test('what would become of each is said first, and what became of each after, also as a file', async () => {
  const third = fits('m1n2o3p4', 'Miner ingest');
  const verdicts: ManyRotationVerdict[] = [
    {
      keyId: 'a1b2c3d4',
      name: 'Billing sync',
      isStarted: true,
      message: null,
      newKeyId: 'nEw00001',
      sentTo: 'edge@example.test',
      endsAt: NOW + 7 * DAY_MS,
    },
    {
      keyId: 'm1n2o3p4',
      name: 'Miner ingest',
      isStarted: false,
      message: 'Miner ingest is revoked; create another key.',
      newKeyId: null,
      sentTo: null,
      endsAt: null,
    },
  ];
  const { calls } = await rotateChosen({
    'apiKeys.rotation.previewMany': {
      canMail: true,
      candidates: [billing, leftOut('d1e2v3s4', 'Dev sandbox', noConsumer), third],
    },
    'apiKeys.rotation.startMany': verdicts,
  });
  const asked = await dialog('Rotate 2 keys?');
  expect(asked.getByText(noConsumer)).toBeTruthy();
  expect(
    asked.getAllByText(/Link to edge@example\.test\. The old key ends .*, the policy says 7 d; 2 consumers are told\./),
  ).toHaveLength(2);
  fireEvent.click(asked.getByRole('button', { name: 'Rotate' }));
  expect(await asked.findByText('Say why, in 3 to 500 characters.')).toBeTruthy();
  fireEvent.change(asked.getByLabelText(/^Reason/), { target: { value: 'The quarter ends' } });
  fireEvent.click(asked.getByRole('button', { name: 'Rotate' }));
  const done = await dialog('Rotate: started for 1 of 2 keys');
  expect(done.getByText('A link to draw the new key was mailed to edge@example.test.')).toBeTruthy();
  expect(done.getByText('Miner ingest is revoked; create another key.')).toBeTruthy();
  const saved: Blob[] = [];
  Object.assign(URL, {
    createObjectURL: (file: Blob) => `blob:${saved.push(file)}`,
    revokeObjectURL: () => undefined,
  });
  fireEvent.click(done.getByRole('button', { name: 'CSV: download the rotations' }));
  await waitFor(() => expect(saved).toHaveLength(1));
  const text = await textOf(saved[0]);
  expect(text).toContain('a1b2c3d4,Billing sync,started,,nEw00001,edge@example.test,');
  expect(text).toContain('m1n2o3p4,Miner ingest,left out,Miner ingest is revoked; create another key.,,,');
  expect(inputsOf(calls, 'previewMany')).toEqual([{ keyIds: ['a1b2c3d4', 'd1e2v3s4'] }]);
  expect(inputsOf(calls, 'startMany')).toEqual([{ keyIds: ['a1b2c3d4', 'm1n2o3p4'], reason: 'The quarter ends' }]);
  fireEvent.click(done.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Acts on those chosen' })).toBeNull());
});

test('one can be left out by hand, and not all of them', async () => {
  const { calls } = await rotateChosen({
    'apiKeys.rotation.previewMany': {
      canMail: true,
      candidates: [billing, { ...sandbox, isCutByExpiry: true, consumers: 1 }],
    },
    'apiKeys.rotation.startMany': () => refusal('upstream', 'The database does not answer.'),
  });
  const asked = await dialog('Rotate 2 keys?');
  expect(asked.getByText(/it expires then; 1 consumer is told\./)).toBeTruthy();
  for (const name of [/^Billing sync/, /^Dev sandbox/]) fireEvent.click(asked.getByRole('checkbox', { name }));
  fireEvent.change(asked.getByLabelText(/^Reason/), { target: { value: 'The quarter ends' } });
  fireEvent.click(asked.getByRole('button', { name: 'Rotate' }));
  expect(await asked.findByText('Leave at least one key chosen.')).toBeTruthy();
  fireEvent.click(asked.getByRole('checkbox', { name: /^Dev sandbox/ }));
  expect(await screen.findByRole('dialog', { name: 'Rotate 1 key?' })).toBeTruthy();
  fireEvent.click(asked.getByRole('button', { name: 'Rotate' }));
  expect(await asked.findByText(/The database does not answer/)).toBeTruthy();
  expect(inputsOf(calls, 'startMany')).toEqual([{ keyIds: ['d1e2v3s4'], reason: 'The quarter ends' }]);
});

test('where none fits nothing is asked, and why is said of each', async () => {
  const words = 'No mail is sent from here, and links are not shown for many keys at once.';
  await rotateChosen({
    'apiKeys.rotation.previewMany': {
      canMail: false,
      candidates: [leftOut('a1b2c3d4', 'Billing sync', words), leftOut('d1e2v3s4', 'Dev sandbox', words)],
    },
  });
  const closed = await dialog('Rotate: not possible');
  expect(closed.getByText('2 keys left out')).toBeTruthy();
  expect(closed.getAllByText(new RegExp(words))).toHaveLength(2);
  expect(closed.queryByRole('button', { name: 'Rotate' })).toBeNull();
});

test('a preview that does not load says so', async () => {
  await rotateChosen({ 'apiKeys.rotation.previewMany': refusal('upstream', 'The database does not answer.') });
  const failed = await dialog('Rotate 2 keys');
  expect(await failed.findByText('What would become of the keys did not load.')).toBeTruthy();
});
