import type { ImportRowView, ImportView } from '@qd/shared/users';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './import-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const user = aUser({ grants: [{ platform: '*', permissions: ['users:read', 'users:import', 'platforms:read'] }] });
const me = { 'session.get': aSession({ user }) };

function anImport(over: Partial<ImportView> = {}): ImportView {
  return {
    id: 'imp_test1',
    fileName: 'people.csv',
    sha256: 'ab'.repeat(32),
    state: 'checked',
    fault: null,
    rowCount: 5_000,
    createCount: 4_990,
    updateCount: 5,
    sameCount: 3,
    errorCount: 2,
    doneCount: 5_000,
    mode: null,
    createdBy: { id: 'usr_1', name: 'Ines Okafor' },
    createdAt: NOW - 60_000,
    committedAt: null,
    rolledBackAt: null,
    rollbackUntil: null,
    canMail: true,
    ...over,
  };
}

function aRow(over: Partial<ImportRowView> = {}): ImportRowView {
  return {
    line: 17,
    email: 'not an address',
    name: 'Noor Haddad',
    role: null,
    platform: null,
    platformRole: null,
    verdict: 'error',
    faults: [{ field: 'email', message: 'is not an address; write it as name@example.org' }],
    userId: null,
    ...over,
  };
}

const page = <T,>(...rows: T[]) => ({ rows, nextCursor: null });
const one = (view: ImportView, ...rows: ImportRowView[]) => ({
  ...me,
  'users.imports': page(view),
  'users.import': view,
  'users.importRows': page(...rows),
});
const heading = () => screen.findByRole('heading', { level: 1 });

/** Stands in for the browser's upload: answers what it was told, after saying how much has left. */
class FakeUpload extends EventTarget {
  static answer = { status: 201, text: '' };
  static sent: { url: string; headers: Record<string, string>; body: unknown } | null = null;
  readonly upload = new EventTarget();
  readonly #headers: Record<string, string> = {};
  #url = '';
  status = 0;
  responseText = '';
  open(_method: string, url: string): void {
    this.#url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }
  send(body: unknown): void {
    FakeUpload.sent = { url: this.#url, headers: this.#headers, body };
    this.upload.dispatchEvent(new ProgressEvent('progress', { loaded: 10, total: 20 }));
    this.status = FakeUpload.answer.status;
    this.responseText = FakeUpload.answer.text;
    queueMicrotask(() => this.dispatchEvent(new ProgressEvent('loadend')));
  }
  abort(): void {
    this.dispatchEvent(new ProgressEvent('loadend'));
  }
}

function chooseFile(): void {
  const file = new File(['email,name\n'], 'people.csv', { type: 'text/csv' });
  fireEvent.change(screen.getByLabelText('File of people'), {
    target: { files: Object.assign([file], { item: () => file }) },
  });
}

test('a file is sent as it is, and what was found is shown', async () => {
  vi.stubGlobal('XMLHttpRequest', FakeUpload);
  FakeUpload.answer = { status: 201, text: JSON.stringify(anImport()) };
  const { address } = renderApp('/users/import', { ...one(anImport(), aRow()), 'users.imports': page() });
  expect((await heading()).textContent).toBe('No file of people has been imported yet.');
  chooseFile();
  await waitFor(() => expect(address.current).toBe('/users/import?file=imp_test1'));
  expect(FakeUpload.sent).toMatchObject({ url: '/users/import?name=people.csv', headers: { 'x-qd': '1' } });
  expect((await heading()).textContent).toBe(
    'Nothing has changed yet. people.csv gives 4,990 new people, 5 changed, 3 unchanged. 2 rows of 5,000 are wrong.',
  );
});

test('a file that is wrong as a whole says what is wrong with it', async () => {
  vi.stubGlobal('XMLHttpRequest', FakeUpload);
  const faults = [
    { field: 'header[0]', message: '"adress" is not a column' },
    { field: 'header', message: 'the column email is missing' },
  ];
  const problem = { detail: 'The first line does not fit.', errors: faults, requestId: 'req_7f3a91c2' };
  FakeUpload.answer = { status: 422, text: JSON.stringify(problem) };
  renderApp('/users/import', { ...me, 'users.imports': page() });
  await heading();
  chooseFile();
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The first line does not fit. Put it right and send the file again.');
  expect(within(alert).getAllByRole('listitem')).toHaveLength(2);
  expect(alert.textContent).toContain('req_7f3a91c2');
});

test('wrong rows come first, each with what to put right; others are a choice in the address', async () => {
  const { calls, address } = renderApp('/users/import?file=imp_test1', one(anImport(), aRow()));
  const row = await screen.findByRole('row', { name: /Noor Haddad/ });
  expect(row.textContent).toContain('E-mail: is not an address; write it as name@example.org.');
  expect(calls.findLast((made) => made.path === 'users.importRows')?.input).toMatchObject({ faulty: true });
  fireEvent.click(screen.getByRole('radio', { name: 'New 4,990' }));
  await waitFor(() => expect(address.current).toContain('rows=create'));
  await waitFor(() =>
    expect(calls.findLast((made) => made.path === 'users.importRows')?.input).toMatchObject({
      verdict: 'create',
      faulty: false,
    }),
  );
});

test('the rows that fit are done with a reason, and waiting for a second person is said', async () => {
  const approval = { id: 'apr_1', expiresAt: NOW + 86_400_000, coolsOffAt: null };
  const { calls } = renderApp('/users/import?file=imp_test1', {
    ...one(anImport(), aRow()),
    'users.commitImport': { approval, import: anImport() },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Import the 4,998 rows that fit' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(
    dialog.getByText(
      'It adds 4,990 people, changes 5 and leaves out 2 rows that are wrong; for 24 h it can be taken back.',
    ),
  ).toBeTruthy();
  fireEvent.change(dialog.getByLabelText(/Reason/), { target: { value: 'new season' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Import the 4,998 rows that fit' }));
  await screen.findByText('Nothing has changed yet.');
  expect(screen.getByRole('link', { name: 'Open approvals' })).toBeTruthy();
  expect(calls.find((made) => made.path === 'users.commitImport')?.input).toEqual({
    id: 'imp_test1',
    mode: 'valid',
    reason: 'new season',
    sendInvitations: false,
  });
});

const inviter = aUser({ grants: [{ platform: '*', permissions: ['users:read', 'users:import', 'users:invite'] }] });

test('inviting by mail is off until it is chosen, and says how many mails go out', async () => {
  const { calls } = renderApp('/users/import?file=imp_test1', {
    ...one(anImport({ errorCount: 0, rowCount: 4_998 })),
    'session.get': aSession({ user: inviter }),
    'users.commitImport': { approval: null, import: anImport({ state: 'committed' }) },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Import all 4,998 rows' }));
  const dialog = within(await screen.findByRole('dialog'));
  const box = dialog.getByRole<HTMLInputElement>('checkbox', { name: /^Invite the 4,990 new people by mail/ });
  expect([box.checked, box.disabled]).toEqual([false, false]);
  expect(dialog.getByText('4,990 mails go out, each with a link that works once, for 3 days.')).toBeTruthy();
  fireEvent.click(box);
  fireEvent.change(dialog.getByLabelText(/Reason/), { target: { value: 'new season' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Import all 4,998 rows' }));
  await waitFor(() =>
    expect(calls.find((made) => made.path === 'users.commitImport')?.input).toMatchObject({ sendInvitations: true }),
  );
});

test.each([
  ['without a mail server', { canMail: false }, inviter, 'No mail server is set up'],
  ['of more people than mail is for', { createCount: 10_001 }, inviter, 'At most 10,000 people'],
  ['by a role that does not invite', {}, user, 'Your role does not invite people.'],
])('inviting %s cannot be chosen, and says why', async (_name, over, who, words) => {
  renderApp('/users/import?file=imp_test1', { ...one(anImport(over)), 'session.get': aSession({ user: who }) });
  fireEvent.click(await screen.findByRole('button', { name: /^Import/ }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByRole<HTMLInputElement>('checkbox', { name: /new people by mail/ }).disabled).toBe(true);
  expect(dialog.getByText(new RegExp(words))).toBeTruthy();
});

test('X chooses rows, and those chosen are saved as a file that can be sent again', async () => {
  const saved: Blob[] = [];
  vi.stubGlobal(
    'URL',
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}`,
      revokeObjectURL: () => undefined,
    }),
  );
  const other = aRow({ line: 18, email: 'mara@example', name: 'Mara, Voss', role: 'support', platform: '*' });
  renderApp('/users/import?file=imp_test1', one(anImport(), aRow(), other));
  await screen.findByRole('row', { name: /Noor Haddad/ });
  const press = (key: string, shiftKey = false) => fireEvent.keyDown(document.body, { key, shiftKey });
  press('x');
  expect(screen.queryByRole('region', { name: 'Acts on the rows chosen' })).toBeNull();
  press('j');
  press('x');
  expect(screen.getAllByRole<HTMLInputElement>('checkbox', { name: 'Select line 17' })[0]?.checked).toBe(true);
  press('j');
  press('X', true);
  const bar = within(await screen.findByRole('region', { name: 'Acts on the rows chosen' }));
  expect(bar.getByRole('status').textContent).toBe('2 rows chosen');
  fireEvent.click(bar.getByRole('button', { name: 'Save as a file' }));
  const text = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result));
    reader.readAsText(saved[0] ?? new Blob());
  });
  expect(text).toBe(
    'email,name,role,platform,platform_role\r\nnot an address,Noor Haddad,,,\r\nmara@example,"Mara, Voss",support,*,\r\n',
  );
  press('Escape');
  expect(screen.queryByRole('region', { name: 'Acts on the rows chosen' })).toBeNull();
});

test('the slash goes to the field that narrows the rows, by address or name', async () => {
  const { calls, address } = renderApp('/users/import?file=imp_test1', one(anImport(), aRow()));
  await screen.findByRole('row', { name: /Noor Haddad/ });
  fireEvent.keyDown(document.body, { key: '/' });
  const field = screen.getByRole('searchbox', { name: 'Address or name' });
  await waitFor(() => expect(document.activeElement).toBe(field));
  fireEvent.change(field, { target: { value: 'noor' } });
  fireEvent.blur(field);
  await waitFor(() => expect(address.current).toContain('text=noor'));
  await waitFor(() =>
    expect(calls.findLast((made) => made.path === 'users.importRows')?.input).toMatchObject({ search: 'noor' }),
  );
});

test('what was done can be taken back, and what stayed is listed', async () => {
  let view = anImport({ state: 'committed', mode: 'valid', committedAt: NOW - 5_000, rollbackUntil: NOW + 3_600_000 });
  const kept = aRow({
    line: 4,
    verdict: 'create',
    email: 'noor@example.org',
    faults: [{ field: 'rollback', message: 'was not taken back: the person was changed since' }],
  });
  renderApp('/users/import?file=imp_test1', {
    ...one(view, kept),
    'users.import': () => view,
    'users.rollbackImport': () => {
      view = anImport({ state: 'rolled_back', rolledBackAt: NOW });
      return { import: view, restored: 4_994, kept: 1 };
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Take it back' }));
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.change(dialog.getByLabelText(/Reason/), { target: { value: 'wrong file' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Take it back' }));
  expect(await screen.findByText('4,994 people taken back.')).toBeTruthy();
  await waitFor(async () => expect((await heading()).textContent).toContain('people.csv was taken back.'));
  expect((await screen.findByRole('row', { name: /Noor Haddad/ })).textContent).toContain(
    'The person: was not taken back: the person was changed since.',
  );
});

test('while it is done, how far it is is said, and nothing can be pressed twice', async () => {
  renderApp('/users/import?file=imp_test1', one(anImport({ state: 'committing', doneCount: 2_500 })));
  expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('50');
  expect(screen.queryByRole('button', { name: /^Import the/ })).toBeNull();
});

test('a file that could not be read, an import that is not there, and a role that may not', async () => {
  const failed = one(anImport({ state: 'failed', fault: 'The file is not UTF-8.' }));
  const first = renderApp('/users/import?file=imp_test1', failed);
  await waitFor(async () =>
    expect((await heading()).textContent).toContain('could not be read. The file is not UTF-8.'),
  );
  first.unmount();
  const gone = refusal('not_found', 'There is no such import; see the list of imports.');
  const second = renderApp('/users/import?file=imp_gone', { ...one(anImport()), 'users.import': gone });
  expect((await screen.findByRole('alert')).textContent).toContain('There is no such import');
  second.unmount();
  renderApp('/users/import');
  await waitFor(async () => expect((await heading()).textContent).toBe('Importing people is not open to your role.'));
});
