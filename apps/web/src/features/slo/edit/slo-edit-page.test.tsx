import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { reader, renderSlo, type Reply } from '../test/render-slo.tsx';
import { aDefinition, prometheus, shopServer } from './test/story.ts';

beforeEach(() => sessionStorage.clear());

const stored = (over = {}, revision = 1): Reply => ({ data: { definition: aDefinition(over), revision } });
const conflict: Reply = {
  code: 'conflict',
  message: 'Somebody changed it meanwhile.',
  fields: [{ field: 'revision', message: 'is not the newest' }],
};

async function open(answers: Parameters<typeof shopServer>[0] = {}) {
  const user = userEvent.setup();
  const shop = shopServer({ 'slo.definitions.get': stored(), ...answers });
  const view = renderSlo('/slos/slo_1/edit', shop.server);
  await screen.findByRole('form', { name: 'Definition' });
  return { user, ...shop, ...view };
}

type User = ReturnType<typeof userEvent.setup>;

async function retype(user: User, label: string, text: string) {
  await user.clear(screen.getByLabelText(label));
  await user.type(screen.getByLabelText(label), text);
}
const save = (user: User) => user.click(screen.getByRole('button', { name: /Save changes/ }));

describe('changing an SLO', () => {
  it('has nothing to save at first, and says before saving what a change does to history', async () => {
    const { user } = await open();
    expect(screen.getByText('Nothing is changed yet.')).toBeTruthy();
    expect(screen.getByRole('button', { name: /Save changes/ }).getAttribute('aria-disabled')).toBe('true');
    await retype(user, 'Target, percent', '99.5');
    expect(screen.getByText(/What is counted stays the same: history is kept/)).toBeTruthy();
    await retype(user, 'All events', 'all_orders_total');
    expect(screen.getByText(/the past is measured again from the source/)).toBeTruthy();
  });

  it('sends the revision it was made from and the reason, and keeps its short name', async () => {
    const { user, inputsOf, address } = await open({
      'slo.definitions.update': { data: { id: 'slo_1', revision: 2, isRemeasured: false } },
    });
    await retype(user, 'Name', 'Orders placed');
    await user.type(screen.getByLabelText('Why'), 'Clearer');
    await save(user);
    await waitFor(() => expect(address().pathname).toBe('/slos/slo_1'));
    expect(inputsOf('slo.definitions.update')).toMatchObject([
      { id: 'slo_1', revision: 1, reason: 'Clearer', definition: { name: 'Orders placed', slug: 'orders' } },
    ]);
  });

  it('shows both sides when someone was faster, and goes on without losing what was typed', async () => {
    let now = stored();
    let answer: Reply = conflict;
    const { user, inputsOf } = await open({
      'slo.definitions.get': () => now,
      'slo.definitions.update': () => answer,
      'slo.definitions.revisions': {
        data: [
          {
            revision: 2,
            changedBy: 'mara@example.test',
            changedByName: 'Mara Lund',
            changedAt: Date.now(),
            reason: 'Agreed',
            definition: aDefinition(),
          },
        ],
      },
    });
    await retype(user, 'Name', 'Orders placed');
    now = stored({ targetPercent: '99.5', owner: 'shop' }, 2);
    await save(user);
    const panel = await screen.findByRole('alert', { name: 'Saved meanwhile' });
    expect(await within(panel).findByText(/Mara Lund saved revision 2/)).toBeTruthy();
    const rows = within(panel)
      .getAllByRole('row')
      .slice(1)
      .map((row) =>
        within(row)
          .getAllByRole('cell')
          .map((cell) => cell.lastChild?.textContent),
      );
    expect(rows).toEqual([
      ['99.9%', '99.5%', 'unchanged'],
      ['none', 'shop', 'unchanged'],
      ['Orders', 'unchanged', 'Orders placed'],
    ]);
    await user.click(within(panel).getByRole('button', { name: 'Keep mine on top of theirs' }));
    expect(screen.getByLabelText('Target, percent')).toHaveProperty('value', '99.5');
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Orders placed');
    answer = { data: { id: 'slo_1', revision: 3, isRemeasured: false } };
    await save(user);
    await waitFor(() => expect(inputsOf('slo.definitions.update')).toHaveLength(2));
    expect(inputsOf('slo.definitions.update')[1]).toMatchObject({
      revision: 2,
      definition: { name: 'Orders placed', targetPercent: '99.5', owner: 'shop' },
    });
  });

  it('can take theirs instead', async () => {
    let now = stored();
    const { user } = await open({ 'slo.definitions.get': () => now, 'slo.definitions.update': conflict });
    await retype(user, 'Name', 'Mine');
    now = stored({ name: 'Theirs' }, 2);
    await save(user);
    await user.click(await screen.findByRole('button', { name: 'Drop mine, take theirs' }));
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Theirs');
    expect(screen.getByText('Nothing is changed yet.')).toBeTruthy();
  });

  it('archives after a question, with a reason', async () => {
    const { user, inputsOf, address } = await open({ 'slo.definitions.archive': { data: null } });
    await user.click(screen.getByRole('button', { name: 'Archive SLO' }));
    const dialog = await screen.findByRole('dialog', { name: 'Archive Orders?' });
    await user.type(within(dialog).getByLabelText('Reason'), 'The shop is closed');
    await user.click(within(dialog).getByRole('button', { name: 'Archive SLO' }));
    await waitFor(() => expect(address().pathname).toBe('/slos'));
    expect(inputsOf('slo.definitions.archive')).toEqual([{ id: 'slo_1', reason: 'The shop is closed' }]);
  });
});

describe('what cannot be changed', () => {
  it('is closed to those who may only look', async () => {
    renderSlo('/slos/slo_1/edit', shopServer({ 'slo.definitions.get': stored() }).server, reader);
    expect(await screen.findByText('Your role cannot change this SLO.')).toBeTruthy();
  });

  it('tells that a demo SLO stays as it is', async () => {
    const demo = { ...prometheus, kind: 'demo' as const };
    const { server } = shopServer({
      'slo.definitions.get': stored(),
      'slo.definitions.sources': { data: [demo] },
    });
    renderSlo('/slos/slo_1/edit', server);
    expect(await screen.findByText(/A demo SLO tells a story/)).toBeTruthy();
  });

  it('says that it does not exist', async () => {
    const { server } = shopServer({ 'slo.definitions.get': { code: 'not_found', message: 'There is no such SLO.' } });
    renderSlo('/slos/slo_1/edit', server);
    expect(await screen.findByText('There is no such SLO here.')).toBeTruthy();
  });
});

describe('revisions', () => {
  const revision = (number: number, over = {}, rest = {}) => ({
    revision: number,
    definition: aDefinition(over),
    changedAt: Date.UTC(2026, 9, number),
    changedBy: `person${number}@example.test`,
    changedByName: `Person ${number}`,
    reason: `Reason ${number}`,
    isRemeasured: false,
    supersededAt: number === 3 ? null : 1,
    ...rest,
  });

  it('are listed newest first, and any two can be compared', async () => {
    const indicator = { kind: 'counters', total: 'all', bad: 'bad' } as const;
    const { server } = shopServer({
      'slo.definitions.revisions': {
        data: [
          revision(3, { targetPercent: '99.5', indicator }, { isRemeasured: true }),
          revision(2, { targetPercent: '99.5' }),
          revision(1),
        ],
      },
    });
    const user = userEvent.setup();
    const { address } = renderSlo('/slos/slo_1/revisions', server);
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(
      'Orders was changed 2 times and measured again once.',
    );
    expect(screen.getByText('Reason 3')).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'What changed from 2 to 3' })).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'All events' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'before revision 1' }));
    await user.click(screen.getByRole('button', { name: 'after revision 2' }));
    expect(screen.getByRole('heading', { name: 'What changed from 1 to 2' })).toBeTruthy();
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['Target']);
    expect(address().search).toBe('?from=1&to=2');
  });

  it('have nothing to compare while there is one', async () => {
    const { server } = shopServer({ 'slo.definitions.revisions': { data: [revision(1, {}, { supersededAt: null })] } });
    renderSlo('/slos/slo_1/revisions', server);
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Orders is as it was first defined.');
    expect(screen.getByText(/nothing to compare it with/)).toBeTruthy();
  });
});
