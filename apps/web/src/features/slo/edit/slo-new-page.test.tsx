import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { reader, renderSlo, type Reply } from '../test/render-slo.tsx';
import { aDefinition, aPreview, prometheus, push, shopServer } from './test/story.ts';

beforeEach(() => sessionStorage.clear());

async function open(answers: Parameters<typeof shopServer>[0] = {}, address = '/slos/new') {
  const user = userEvent.setup();
  const shop = shopServer(answers);
  const view = renderSlo(address, shop.server);
  await screen.findByRole('form', { name: 'Definition' });
  return { user, ...shop, ...view };
}

type User = ReturnType<typeof userEvent.setup>;

async function fillShort(user: User) {
  await user.selectOptions(screen.getByLabelText('Source'), 'src_1');
  // The braces of a selector are keys to user-event.
  await user.click(screen.getByLabelText('Bad events'));
  await user.paste('orders_total{status=~"5.."}');
  await user.type(screen.getByLabelText('All events'), 'orders_total');
  await user.type(screen.getByLabelText('Name'), 'Orders');
}

const save = (user: User) => user.click(screen.getByRole('button', { name: /Create SLO/ }));

describe('a new SLO', () => {
  it('needs source, queries and name only, and says what the target allows', async () => {
    const { user, inputsOf, address } = await open({ 'slo.definitions.create': { data: { id: 'slo_shop_orders' } } });
    expect(screen.getByText(/43.2 minutes of full outage in 30 days, 10 of 10,000 requests/)).toBeTruthy();
    await fillShort(user);
    await save(user);
    await waitFor(() => expect(address().pathname).toBe('/slos/slo_shop_orders'));
    expect(inputsOf('slo.definitions.create')).toMatchObject([
      {
        platform: 'shop',
        slug: 'orders',
        name: 'Orders',
        sourceId: 'src_1',
        indicator: { kind: 'counters', total: 'orders_total', bad: 'orders_total{status=~"5.."}' },
        targetPercent: '99.9',
      },
    ]);
    expect(sessionStorage).toHaveLength(0);
  });

  it('sends nothing while fields are wrong, marks all of them and goes to the first', async () => {
    const { user, inputsOf } = await open();
    await save(user);
    const wrong = [...document.querySelectorAll('[aria-invalid="true"]')];
    expect(wrong).toHaveLength(4);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Source')));
    expect(screen.getByText('4 fields are to be put right.')).toBeTruthy();
    expect(inputsOf('slo.definitions.create')).toEqual([]);
  });

  it('opens a folded part that holds what is wrong', async () => {
    const { user } = await open();
    await fillShort(user);
    await user.click(screen.getByRole('button', { name: /^Budget policy/ }));
    await user.clear(screen.getByLabelText('Freeze under, percent left'));
    await user.type(screen.getByLabelText('Freeze under, percent left'), '50');
    await user.click(screen.getByRole('button', { name: /^Budget policy/ }));
    await save(user);
    expect(screen.getByText('Must not be above caution.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Freeze under, percent left')));
  });

  it('takes what the server refuses to its field, and keeps what was typed', async () => {
    const refusal: Reply = {
      code: 'invalid',
      message: 'The query is not valid.',
      fields: [{ field: 'indicator.bad', message: 'has an unexpected "{"' }],
    };
    const { user } = await open({ 'slo.definitions.create': refusal });
    await fillShort(user);
    await save(user);
    const field = screen.getByLabelText('Bad events');
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByText('Has an unexpected "{".')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(field).toHaveProperty('value', 'orders_total{status=~"5.."}');
    await user.type(field, ' ');
    expect(field.getAttribute('aria-invalid')).toBeNull();
  });

  it('says at the foot what no field can show', async () => {
    const { user } = await open({ 'slo.definitions.create': { code: 'upstream', message: 'The source is down.' } });
    await fillShort(user);
    await save(user);
    expect((await screen.findByText(/The source is down\./)).closest('[role="alert"]')).toBeTruthy();
  });

  it('offers only what a source can measure, and needs no query for pushed counts', async () => {
    const { user } = await open();
    await user.selectOptions(screen.getByLabelText('Source'), 'src_2');
    expect(screen.getAllByRole('radio', { name: /Pushed counts/ })).toHaveLength(1);
    expect(screen.queryByRole('radio', { name: 'Bad of all' })).toBeNull();
    expect(screen.getByText(/POST \/api\/v1\/sli/)).toBeTruthy();
    expect(screen.getByText(/does not know the past: counting begins/)).toBeTruthy();
  });

  it('starts from another one without its name', async () => {
    await open(
      { 'slo.definitions.get': { data: { definition: aDefinition({ targetPercent: '99.95' }), revision: 3 } } },
      '/slos/new?from=slo_shop_orders',
    );
    expect(screen.getByLabelText('All events')).toHaveProperty('value', 'orders_total');
    expect(screen.getByLabelText('Target, percent')).toHaveProperty('value', '99.95');
    expect(screen.getByLabelText('Name')).toHaveProperty('value', '');
  });

  it('finds what was typed before again, and can begin afresh', async () => {
    const { user, unmount } = await open();
    await user.type(screen.getByLabelText('Name'), 'Half done');
    unmount();
    await open();
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Half done');
    await user.click(screen.getByRole('button', { name: 'Discard them' }));
    expect(screen.getByLabelText('Name')).toHaveProperty('value', '');
    expect(screen.queryByText(/unsaved changes/)).toBeNull();
  });
});

describe('the preview', () => {
  const ask = (user: User) => user.click(screen.getByRole('button', { name: 'Preview' }));
  const panel = () => screen.getByRole('complementary', { name: 'Preview' });

  it('says what is missing, then what the days would have shown', async () => {
    const { user, inputsOf } = await open();
    expect(within(panel()).getByText(/Choose a platform and a source/)).toBeTruthy();
    await fillShort(user);
    await ask(user);
    expect(await within(panel()).findByText(/^64\.1% of the budget would be left: 13\.85 of 21\.6 min/)).toBeTruthy();
    expect(within(panel()).getByRole('img', { name: /^Budget left over/ })).toBeTruthy();
    // A pause while typing may have asked for one already.
    expect(inputsOf('slo.definitions.preview').at(-1)).toMatchObject({ days: 30, definition: { sourceId: 'src_1' } });
    await user.click(within(panel()).getByRole('button', { name: 'Show as table' }));
    expect(within(panel()).getByRole('table')).toBeTruthy();
  });

  it('puts remarks beside their fields, and an error keeps it from being saved', async () => {
    const remarks = [
      { code: 'identical_queries', level: 'error', field: 'indicator.bad', message: 'counts the same as all events' },
      { code: 'low_traffic', level: 'warning', field: 'targetPercent', message: 'One failure is 4% of the budget.' },
    ] as const;
    const { user, inputsOf } = await open({ 'slo.definitions.preview': { data: aPreview({ remarks: [...remarks] }) } });
    await fillShort(user);
    await ask(user);
    expect(await screen.findByText('Counts the same as all events.')).toBeTruthy();
    expect(screen.getByText('One failure is 4% of the budget.').closest('[data-field]')).toHaveProperty(
      'dataset.field',
      'targetPercent',
    );
    await save(user);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Bad events')));
    expect(inputsOf('slo.definitions.create')).toEqual([]);
  });

  it('keeps the last good one when the next fails, and says why', async () => {
    let reply: Reply = { data: aPreview() };
    const { user } = await open({ 'slo.definitions.preview': () => reply });
    await fillShort(user);
    await ask(user);
    await within(panel()).findByText(/^64\.1%/);
    reply = { code: 'upstream', message: 'Prometheus did not answer within 10 s.' };
    await ask(user);
    expect(await within(panel()).findByText('The preview did not work.')).toBeTruthy();
    expect(within(panel()).getByText(/Prometheus did not answer within 10 s/)).toBeTruthy();
    expect(within(panel()).getByText(/^64\.1%/)).toBeTruthy();
  });

  it('says so when nothing was measured', async () => {
    const none = aPreview({ at: [], leftRatio: [], badRatio: [], totalEvents: [] });
    const { user } = await open({ 'slo.definitions.preview': { data: none } });
    await fillShort(user);
    await ask(user);
    expect(await within(panel()).findByText('Nothing was measured in these days.')).toBeTruthy();
    expect(within(panel()).queryByRole('img')).toBeNull();
  });
});

describe('without what it needs', () => {
  it('is closed to those who may not define SLOs', async () => {
    renderSlo('/slos/new', shopServer({}).server, reader);
    expect(await screen.findByText('Your role cannot define SLOs.')).toBeTruthy();
    expect(screen.queryByRole('form')).toBeNull();
  });

  it('says that the sources did not load, and tries again', async () => {
    let reply: Reply = { code: null, message: 'broken' };
    const { server } = shopServer({ 'slo.definitions.sources': () => reply });
    const user = userEvent.setup();
    renderSlo('/slos/new', server);
    expect(await screen.findByText('The form did not load.')).toBeTruthy();
    reply = { data: [prometheus, push] };
    await user.click(screen.getByRole('button', { name: /Try again/ }));
    expect(await screen.findByRole('form', { name: 'Definition' })).toBeTruthy();
  });

  it('says what to do on a platform without a source', async () => {
    await open({ 'slo.definitions.sources': { data: [] } });
    expect(screen.getByText('This platform has no source yet.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add a source' })).toBeTruthy();
  });
});
