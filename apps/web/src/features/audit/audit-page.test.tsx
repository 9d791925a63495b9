import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { anAuditRow, aSession, aUser, NOW, stakeholder } from '../../../test/fixtures.ts';
import { QuietStream, refusal, renderApp } from '../../../test/render-app.tsx';
import { resetServerTime } from '../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const rows = [
  anAuditRow(),
  anAuditRow({ seq: 40, action: 'users.signed_in', status: 'denied', before: null, after: null, target: null }),
];
const page = (nextCursor: string | null = null) => ({ rows, nextCursor });
const table = () => screen.findByRole('table', { name: 'Audit log, newest first' });

test('newest first, with who, what and the outcome', async () => {
  renderApp('/audit', { 'audit.list': page() });
  const body = within(await table())
    .getAllByRole('row')
    .slice(1);
  expect(body).toHaveLength(2);
  expect(body[0]?.textContent).toContain('target changed');
  expect(body[1]?.textContent).toContain('Denied');
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
    'The last act was “slo target changed” by ines@example.test, 1 min ago.',
  );
});

test('filters are in the address and in the question', async () => {
  const { calls, address } = renderApp('/audit?actor=ines%40example.test&status=denied', { 'audit.list': page() });
  await table();
  expect(calls.findLast((made) => made.path === 'audit.list')?.input).toMatchObject({
    actor: 'ines@example.test',
    status: 'denied',
    limit: 50,
  });
  fireEvent.change(screen.getByLabelText('Text'), { target: { value: 'burn' } });
  await waitFor(() => expect(address.current).toContain('text=burn'));
  await waitFor(() => expect(calls.at(-1)?.input).toMatchObject({ text: 'burn' }));
  fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  await waitFor(() => expect(address.current).toBe('/audit'));
  await waitFor(() => expect((screen.getByLabelText('Text') as HTMLInputElement).value).toBe(''));
});

test('a text of two letters is not asked for, and the field says so', async () => {
  const { calls, address } = renderApp('/audit', { 'audit.list': page() });
  await table();
  fireEvent.change(screen.getByLabelText('Text'), { target: { value: 'ab' } });
  expect(await screen.findByText('3 letters or more')).toBeTruthy();
  await waitFor(() => expect(address.current).toContain('text=ab'));
  expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('The last act was');
  fireEvent.change(screen.getByLabelText('Text'), { target: { value: 'abc' } });
  await waitFor(() => expect(calls.at(-1)?.input).toMatchObject({ text: 'abc' }));
  expect(screen.queryByText('3 letters or more')).toBeNull();
  const asked = calls.filter((made) => made.path === 'audit.list').map((made) => made.input as { text?: string });
  expect(asked.map(({ text }) => text)).not.toContain('ab');
});

test('a row opens with what changed, and its address can be shared', async () => {
  const { address } = renderApp('/audit', { 'audit.list': page() });
  fireEvent.click((await screen.findAllByRole('button', { name: /target changed/ }))[0] ?? document.body);
  const drawer = within(await screen.findByRole('dialog', { name: 'slo.target_changed' }));
  expect(drawer.getByRole('row', { name: 'targetPercent 99.9 99.95' })).toBeTruthy();
  expect(drawer.getByText('1 field stayed the same.')).toBeTruthy();
  expect(address.current).toBe('/audit?row=41');
});

test('paused, the log stays as it is and counts what waits', async () => {
  let shown = rows;
  renderApp('/audit', { 'audit.list': () => ({ rows: shown, nextCursor: null }) });
  await table();
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
  shown = [anAuditRow({ seq: 42, action: 'users.invited' }), ...rows];
  act(() => void QuietStream.open?.dispatchEvent(new MessageEvent('change', { data: '{"topic":"audit"}' })));
  fireEvent.click(await screen.findByRole('button', { name: '1 new row. Show it' }));
  expect(within(await table()).getAllByRole('row')[1]?.textContent).toContain('invited');
  fireEvent.click(screen.getByRole('button', { name: 'Let new rows in' }));
  expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
});

test('older rows are asked for with the cursor of the last page', async () => {
  const { calls } = renderApp('/audit', {
    'audit.list': (input: unknown) =>
      JSON.stringify(input).includes('"c2"') ? { rows: [anAuditRow({ seq: 39 })], nextCursor: null } : page('c2'),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Load 50 older rows' }));
  await waitFor(() => expect(calls.at(-1)?.input).toMatchObject({ cursor: 'c2' }));
});

test('a chain that holds says how far it was walked; a broken one where', async () => {
  let verdict = { ok: true, rows: 1_204, checkpoints: 3, brokenSeq: null as number | null, reason: '' };
  renderApp('/audit', { 'audit.list': page(), 'audit.verify': () => verdict });
  await table();
  fireEvent.click(screen.getByRole('button', { name: 'Verify chain' }));
  const said = await screen.findByText(/1,204 rows checked at 14:47:30 UTC/);
  expect(said.textContent).toContain('All 3 signed checkpoints agree.');
  verdict = {
    ok: false,
    rows: 40,
    checkpoints: 0,
    brokenSeq: 41,
    reason: 'The hash of row 41 does not fit its content.',
  };
  fireEvent.click(screen.getByRole('button', { name: 'Verify chain' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The chain is broken at row 41.');
});

describe('the export', () => {
  const asked: string[] = [];
  const saved: string[] = [];
  let answer: () => Response;

  beforeEach(() => {
    asked.length = 0;
    saved.length = 0;
    answer = () =>
      new Response('seq\r\n', { headers: { 'content-disposition': 'attachment; filename="audit-2026-10-03.csv"' } });
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:test');
    vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url);
      return answer();
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  test('asks for every row of the filter, under the name the server gives', async () => {
    renderApp('/audit?status=denied&text=burn&platform=hashinsight', { 'audit.list': page('more') });
    await table();
    fireEvent.click(screen.getByRole('button', { name: 'CSV: download the audit log' }));
    await waitFor(() => expect(saved).toEqual(['audit-2026-10-03.csv']));
    fireEvent.click(screen.getByRole('button', { name: /^JSONL/ }));
    await waitFor(() => expect(asked).toHaveLength(2));
    const [first, second] = asked.map((url) => new URL(url, 'http://console.test'));
    expect(first?.pathname).toBe('/audit/export');
    expect(Object.fromEntries(first?.searchParams ?? [])).toEqual({
      status: 'denied',
      text: 'burn',
      platform: 'hashinsight',
      format: 'csv',
    });
    expect(second?.searchParams.get('format')).toBe('jsonl');
  });

  test('says when the file was cut, and when there is none', async () => {
    renderApp('/audit', { 'audit.list': page() });
    await table();
    answer = () => new Response('', { headers: { 'x-row-limit': '100000' } });
    fireEvent.click(screen.getByRole('button', { name: 'CSV: download the audit log' }));
    expect(await screen.findByText(/The file holds the newest 100,000 rows\./)).toBeTruthy();
    saved.length = 0;
    answer = () => Response.json({ detail: 'The database does not answer.' }, { status: 503 });
    fireEvent.click(screen.getByRole('button', { name: 'CSV: download the audit log' }));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Nothing was downloaded. The database does not answer.',
    );
    expect(saved).toEqual([]);
  });

  test('is for those who may', async () => {
    const user = aUser({ grants: [{ platform: '*', permissions: ['audit:read', 'platforms:read'] }] });
    renderApp('/audit', { 'audit.list': page(), 'session.get': aSession({ user }) });
    await table();
    expect(screen.queryByRole('button', { name: /^CSV/ })).toBeNull();
  });
});

test('empty: what is true, and the way on', async () => {
  renderApp('/audit?text=zzz', { 'audit.list': { rows: [], nextCursor: null } });
  expect(await screen.findByText('No row fits these filters.')).toBeTruthy();
});

test('an error names the request', async () => {
  renderApp('/audit', { 'audit.list': refusal('invalid', 'The cursor is from another list.') });
  expect((await screen.findByRole('alert')).textContent).toContain('req_7f3a91c2');
});

test('those who may not read it are told who can, and nothing is asked', async () => {
  const { calls } = renderApp('/audit', { 'session.get': aSession({ user: stakeholder }) });
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(
    'The audit log is not open to your role.',
  );
  expect(calls.map((made) => made.path)).not.toContain('audit.list');
});

test('new rows wait while the pointer is inside', async () => {
  let shown = [rows[1]];
  const { calls } = renderApp('/audit', { 'audit.list': () => ({ rows: shown, nextCursor: null }) });
  const found = await table();
  fireEvent.pointerEnter(found.closest('div')?.parentElement ?? found);
  shown = rows;
  const before = calls.length;
  const { QuietStream } = await import('../../../test/render-app.tsx');
  QuietStream.open?.dispatchEvent(new MessageEvent('change', { data: '{"topic":"audit"}' }));
  await waitFor(() => expect(calls.length).toBeGreaterThan(before));
  fireEvent.click(await screen.findByRole('button', { name: '1 new row. Show it' }));
  await waitFor(() => expect(within(found).getAllByRole('row')).toHaveLength(3));
});

test('new rows wait behind an open row, and after it until the focus leaves', async () => {
  let shown = [rows[1]];
  renderApp('/audit', { 'audit.list': () => ({ rows: shown, nextCursor: null }) });
  const found = await table();
  fireEvent.click(within(found).getAllByRole('button', { name: /signed in/ })[0] ?? found);
  await screen.findByRole('dialog', { name: 'users.signed_in' });
  fireEvent.pointerLeave(found.closest('div')?.parentElement ?? found);
  shown = rows;
  act(() => void QuietStream.open?.dispatchEvent(new MessageEvent('change', { data: '{"topic":"audit"}' })));
  const waiting = await screen.findByRole('button', { name: '1 new row. Show it', hidden: true });
  expect(within(found).getAllByRole('row', { hidden: true })).toHaveLength(2);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(within(found).getAllByRole('row')).toHaveLength(2);
  fireEvent.click(waiting);
  await waitFor(() => expect(within(found).getAllByRole('row')).toHaveLength(3));
});
