import type { CreateOptions, KeyLimitsView, LimitsPreview } from '@qd/shared/api-keys';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const limits: KeyLimitsView = {
  id: 'a1b2c3d4',
  name: 'Billing sync',
  platform: 'hashinsight',
  scopes: ['miners:read', 'reports:read'],
  ipAllow: ['203.0.113.0/24'],
  rateLimitPerMin: 600,
  updatedAt: null,
  canChange: true,
};
const options: CreateOptions = {
  platforms: [
    {
      id: 'hashinsight',
      name: 'HashInsight',
      policy: {
        prefix: 'hsi',
        format: 'v2',
        rotation: { by: 'age', everyDays: 90 },
        overlapDays: 7,
        maxLifeDays: { prod: 90, staging: 90, dev: 90, test: 90 },
        quarantines: [],
      },
      scopes: [
        { scope: 'miners:read', description: 'List and read miners', of: 'platform' },
        { scope: 'miners:delete', description: 'Remove miners', of: 'platform' },
      ],
    },
  ],
  consoleScopes: [],
  isOwner: true,
  canMail: true,
};
const preview: LimitsPreview = {
  calls: 1_230,
  refusedByAddress: 33,
  refusedByRate: 0,
  addresses: [{ address: '203.0.113.9', calls: 33 }],
  moreAddresses: 0,
  unknownCalls: 0,
  asOf: NOW,
};

async function open(answers: Answers = {}) {
  const view = renderApp('/keys/a1b2c3d4', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.limits': limits,
    'apiKeys.limitsPreview': preview,
    'apiKeys.createOptions': options,
    'apiKeys.update': { updatedAt: NOW },
    ...answers,
  });
  const section = within(await screen.findByRole('region', { name: 'Name, scopes and limits' }));
  const edit = async () => {
    fireEvent.click(await section.findByRole('button', { name: 'Change' }));
    await section.findByRole('group', { name: 'Permissions to choose from' });
  };
  const sent = () => view.calls.findLast(({ path }) => path === 'apiKeys.update')?.input;
  const changes = () =>
    within(section.getByText('Saving changes this at once:').parentElement ?? document.body)
      .getAllByRole('listitem')
      .map((line) => line.textContent);
  return { ...view, section, edit, sent, changes };
}

test('what the key is held to is said, and is not changed by who may not', async () => {
  const { section } = await open({ 'apiKeys.limits': { ...limits, canChange: false } });
  expect(await section.findByText('Only from 203.0.113.0/24.')).toBeTruthy();
  expect(section.getByText('At most 600 calls a minute.')).toBeTruthy();
  expect(section.getByText('miners:read, reports:read')).toBeTruthy();
  expect(section.queryByRole('button', { name: 'Change' })).toBeNull();
});

test('scopes are chosen with their use beside them, and what changes is shown before it is saved', async () => {
  const { section, edit, sent, changes } = await open();
  await edit();
  const read = await section.findByLabelText(/^miners:read.*1,200 calls in 30 d/);
  const reports = section.getByLabelText(/^reports:read.*Not yours to give.*not used in 30 d/);
  const remove = section.getByLabelText('miners:deleteRemove miners');
  const save = section.getByRole('button', { name: 'Save changes' });
  expect(save.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(read);
  fireEvent.click(reports);
  fireEvent.click(remove);
  fireEvent.change(section.getByLabelText('Calls a minute, at most'), { target: { value: '' } });
  expect(changes()).toEqual([
    'May also:  miners:delete',
    'May no longer: miners:read  1,200 calls in 30 d; from then on such calls are refused.',
    'May no longer: reports:read  not used in 30 d.',
    'How often: At most 600 calls a minute As often as it likes',
  ]);
  expect(await section.findByText(/^Would have refused 33 calls for their address, from 203\.0\.113\.9/)).toBeTruthy();
  fireEvent.click(save);
  await waitFor(() =>
    expect(sent()).toEqual({
      id: 'a1b2c3d4',
      seenAt: null,
      name: 'Billing sync',
      scopes: ['miners:delete'],
      ipAllow: ['203.0.113.0/24'],
      rateLimitPerMin: null,
    }),
  );
  expect(await screen.findByText('Billing sync is changed.')).toBeTruthy();
  await waitFor(() => expect(section.queryByRole('button', { name: 'Save changes' })).toBeNull());
});

test('what does not fit is said at its field, and a refusal keeps what was typed', async () => {
  const refused = refusal('conflict', 'Somebody changed this key meanwhile; look at it again, then change it.');
  const { section, edit, sent } = await open({ 'apiKeys.update': refused });
  await edit();
  fireEvent.change(section.getByLabelText('Only from addresses'), { target: { value: 'everywhere' } });
  fireEvent.change(section.getByLabelText('Calls a minute, at most'), { target: { value: 'many' } });
  expect(await section.findByText('Put the limits right to see what they would refuse.')).toBeTruthy();
  fireEvent.click(section.getByRole('button', { name: 'Save changes' }));
  expect(await section.findByText(/^Is written like 203\.0\.113\.0\/24/)).toBeTruthy();
  expect(section.getByLabelText('Calls a minute, at most').getAttribute('aria-invalid')).toBe('true');
  expect(sent()).toBeUndefined();
  fireEvent.change(section.getByLabelText('Only from addresses'), { target: { value: '198.51.100.7' } });
  fireEvent.change(section.getByLabelText('Calls a minute, at most'), { target: { value: '600' } });
  fireEvent.click(section.getByRole('button', { name: 'Save changes' }));
  expect((await section.findByRole('alert')).textContent).toContain('Somebody changed this key meanwhile');
  expect(sent()).toMatchObject({ ipAllow: ['198.51.100.7/32'] });
  expect(section.getByLabelText('Only from addresses')).toHaveProperty('value', '198.51.100.7');
});

test('a key of a person is given nothing its person lacks', async () => {
  const personal = { 'apiKeys.ownerScopes': { scopes: ['miners:read'], email: 'hana@example.test', name: 'Hana' } };
  const { section, edit } = await open({
    ...personal,
    'apiKeys.get': (input: unknown) => ({
      ...(keys['apiKeys.get'] as (of: unknown) => object)(input),
      owner: { id: 'usr_hana', name: 'Hana' },
    }),
  });
  await edit();
  const beyond = await section.findByLabelText<HTMLInputElement>(/^miners:delete.*may not do this there/);
  expect(beyond.disabled).toBe(true);
  expect(section.getByLabelText<HTMLInputElement>(/^reports:read/).disabled).toBe(false);
});

test('where what may be added does not load, scopes can still be taken away', async () => {
  const { section, edit, changes } = await open({ 'apiKeys.createOptions': refusal('upstream', 'No database.') });
  await edit();
  expect(section.getByText('What may be added did not load; scopes can be taken away.')).toBeTruthy();
  fireEvent.click(await section.findByLabelText(/^reports:read/));
  expect(changes()).toEqual([expect.stringMatching(/^May no longer: reports:read/)]);
});

test('limits that did not load say so', async () => {
  const { section } = await open({ 'apiKeys.limits': refusal('upstream', 'No database.') });
  expect(await section.findByText('The limits did not load.')).toBeTruthy();
});
