import type { ExclusionView } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionUser } from '../../../lib/api.ts';
import { reader, renderSlo, type Reply } from '../test/render-slo.tsx';
import { aRow, NOW } from '../test/story.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  return () => vi.useRealTimers();
});

function anExclusion(over: Partial<ExclusionView> = {}): ExclusionView {
  return {
    id: 'exc_1',
    platformId: 'hashinsight',
    sloId: null,
    category: 'maintenance',
    reason: 'Weekly disk swap',
    startsAt: Date.UTC(2026, 9, 4, 2),
    durationMs: 30 * MINUTE_MS,
    rrule: 'FREQ=WEEKLY;BYDAY=SU',
    timeZone: 'UTC',
    version: 1,
    createdAt: NOW - 3 * DAY_MS,
    createdBy: 'ines@example.test',
    createdByName: 'Ines Okafor',
    updatedAt: NOW - 3 * DAY_MS,
    updatedBy: 'ines@example.test',
    updatedByName: 'Ines Okafor',
    withdrawnAt: null,
    isDemo: false,
    next: { startAt: Date.UTC(2026, 9, 4, 2), endAt: Date.UTC(2026, 9, 4, 2, 30) },
    inForce: false,
    ...over,
  };
}

const effect = {
  spans: [{ startAt: Date.UTC(2026, 9, 4, 2), endAt: Date.UTC(2026, 9, 4, 2, 30) }],
  spanCount: 58,
  effects: [
    { sloId: 'slo_hash_availability', name: 'Availability', beforeLeftRatio: 0.012, afterLeftRatio: 0.049 },
    { sloId: 'slo_b', name: 'Latency', beforeLeftRatio: 0.4, afterLeftRatio: 0.4 },
  ],
};
const platforms = [
  { id: 'hashinsight', name: 'HashInsight', isDemo: true, sloCount: 1 },
  { id: 'web3', name: 'Web3 Audit', isDemo: true, sloCount: 0 },
];

type Answers = Record<string, (input: unknown) => Reply>;

function open(
  rows: ExclusionView[],
  { search = '', answers = {}, as }: { search?: string; answers?: Answers; as?: SessionUser } = {},
) {
  const calls: { path: string; input: unknown }[] = [];
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  const standard: Answers = {
    'slo.exclusions.list': () => ({ data: { rows, nextCursor: null } }),
    'slo.exclusions.preview': () => ({ data: effect }),
    'slo.list': () => ({ data: { rows: [aRow()], asOf: NOW } }),
    'platforms.list': () => ({ data: platforms }),
  };
  const server = (path: string, input: unknown): Reply => {
    calls.push({ path, input });
    return (answers[path] ?? standard[path])?.(input) ?? { code: 'not_found', message: `nothing at ${path}` };
  };
  const sent = (path: string) => calls.filter((made) => made.path === path).map((made) => made.input);
  return { user, sent, ...renderSlo(`/slos/exclusions${search}`, server, as) };
}

const call = async () => (await screen.findByRole('heading', { level: 1 })).textContent?.trim();
const drawer = () => screen.findByRole('dialog');

describe('the list of excluded time', () => {
  it('says what is excluded now, and tells each in words', async () => {
    const once = anExclusion({
      id: 'exc_2',
      sloId: 'slo_hash_availability',
      reason: 'Failover drill',
      rrule: null,
      startsAt: NOW - 10 * MINUTE_MS - 30_000,
      next: { startAt: NOW - 10 * MINUTE_MS - 30_000, endAt: NOW + 20 * MINUTE_MS - 30_000 },
      inForce: true,
    });
    const past = anExclusion({ id: 'exc_3', reason: 'Old drill', next: null });
    const gone = anExclusion({ id: 'exc_4', reason: 'A mistake', withdrawnAt: NOW - HOUR_MS });
    open([once, anExclusion(), past, gone]);
    expect(await call()).toBe('One exclusion is in force. One is planned.');
    const table = screen.getByRole('table', { name: 'Excluded time' });
    const told = within(table)
      .getAllByRole('row')
      .map((line) => line.textContent);
    expect(told[1]).toContain('In force');
    expect(told[1]).toContain('3 Oct, 14:37 to 15:07 UTC');
    expect(told[1]).toContain('until 15:07 UTC');
    await waitFor(() => expect(table.textContent).toContain('HashInsight, Availability'));
    expect(told[2]).toContain('Planned');
    expect(told[2]).toContain('Every week on Sunday at 02:00 UTC, for 30 min');
    expect(told[3]).toContain('Past');
    expect(told[4]).toContain('Withdrawn');
  });

  it('says so when there is none, with the next step for each reader', async () => {
    const { unmount } = open([]);
    expect(await call()).toBe('Nothing is excluded now, and nothing is planned.');
    expect(await screen.findByText(/Exclude a maintenance window before it begins/)).toBeTruthy();
    unmount();
    open([], { as: reader });
    expect(await screen.findByText('Operators and commanders can exclude time.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Exclude time/ })).toBeNull();
  });

  it('asks for one objective and its platform, and for withdrawn ones, as the address says', async () => {
    const { user, sent } = open([], { search: '?slo=slo_hash_availability' });
    expect(await screen.findByRole('link', { name: 'HashInsight, Availability' })).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'Withdrawn too' }));
    await waitFor(() => expect(sent('slo.exclusions.list')).toHaveLength(2));
    expect(sent('slo.exclusions.list')).toMatchObject([
      { slo: 'slo_hash_availability', withdrawn: false },
      { slo: 'slo_hash_availability', withdrawn: true },
    ]);
  });

  it.each([
    ['forbidden', 'The list of exclusions is not open to your role.'],
    ['upstream', 'The list of exclusions did not load.'],
  ])('answers %s with a way on', async (code, words) => {
    open([], { answers: { 'slo.exclusions.list': () => ({ code, message: 'No.' }) } });
    expect(await screen.findByText(words)).toBeTruthy();
  });

  it('holds its shape while it loads', async () => {
    const { container } = open([], { answers: { 'slo.exclusions.list': () => 'silence' } });
    await waitFor(() => expect(container.querySelector('[aria-busy="true"]')).not.toBeNull());
  });
});

describe('excluding time', () => {
  const created: Answers = { 'slo.exclusions.create': () => ({ data: { id: 'exc_9' } }) };

  it('opens filled with the stretch the address names, shows its effect, and saves it', async () => {
    const from = Date.UTC(2026, 8, 19, 3, 20);
    const search = `?slo=slo_hash_availability&edit=new&from=${from}&to=${from + 25 * MINUTE_MS}&reason=INC-1`;
    const { user, sent, address } = open([], { search, answers: created });
    const form = within(await drawer());
    expect(form.getByLabelText('Reason')).toHaveProperty('value', 'INC-1');
    expect(form.getByLabelText('From')).toHaveProperty('value', '2026-09-19T03:20');
    expect(form.getByLabelText('To')).toHaveProperty('value', '2026-09-19T03:45');
    expect(form.getByLabelText('Objective')).toHaveProperty('value', 'slo_hash_availability');
    expect(await form.findByText('It takes out 58 stretches in 400 days:')).toBeTruthy();
    expect(form.getByRole('row', { name: 'Availability 1.2% 4.9%' })).toBeTruthy();
    expect(form.getByRole('row', { name: 'Latency 40.0% same' })).toBeTruthy();
    await user.click(form.getByRole('button', { name: 'Exclude this time' }));
    const input = {
      platformId: 'hashinsight',
      sloId: 'slo_hash_availability',
      category: 'maintenance',
      reason: 'INC-1',
      startsAt: from,
      durationMs: 25 * MINUTE_MS,
      rrule: null,
      timeZone: 'UTC',
    };
    expect(sent('slo.exclusions.preview')).toEqual([{ ...input, replaces: null }]);
    expect(sent('slo.exclusions.create')).toEqual([input]);
    expect(await screen.findByText('Time is excluded.')).toBeTruthy();
    expect(address().search).toBe('?slo=slo_hash_availability');
  });

  it('opens with N, builds a recurrence and says it in words', async () => {
    const { user, sent } = open([], { answers: created });
    await call();
    await screen.findByRole('button', { name: /Exclude time/ });
    await user.keyboard('n');
    const form = within(await drawer());
    await user.selectOptions(form.getByLabelText('Platform'), 'HashInsight');
    await user.type(form.getByLabelText('Reason'), 'Ledger upgrade');
    fireEvent.change(form.getByLabelText('From'), { target: { value: '2026-10-04T02:00' } });
    fireEvent.change(form.getByLabelText('To'), { target: { value: '2026-10-04T03:00' } });
    await user.click(form.getByRole('radio', { name: 'Weekly' }));
    expect(form.getByText('Every week on Sunday.', { exact: false })).toBeTruthy();
    await user.click(form.getByRole('checkbox', { name: 'Wednesday' }));
    expect(form.getByText('Every week on Wednesday and Sunday.', { exact: false })).toBeTruthy();
    await user.click(form.getByRole('radio', { name: 'By rule' }));
    expect(form.getByLabelText('Recurrence rule')).toHaveProperty('value', 'FREQ=WEEKLY;BYDAY=WE,SU');
    await user.click(form.getByRole('button', { name: 'Exclude this time' }));
    expect(sent('slo.exclusions.create')).toMatchObject([
      { rrule: 'FREQ=WEEKLY;BYDAY=WE,SU', durationMs: HOUR_MS, sloId: null },
    ]);
  });

  it('refuses what cannot be, names each field, and sends nothing', async () => {
    const { user, sent } = open([], { search: '?edit=new' });
    const form = within(await drawer());
    expect(form.getByText(/Shown once the form is complete/)).toBeTruthy();
    await user.click(form.getByRole('button', { name: 'Exclude this time' }));
    expect(form.getByText('Choose a platform.')).toBeTruthy();
    expect(form.getByText('Say why, in at least 3 characters.')).toBeTruthy();
    expect(sent('slo.exclusions.create')).toEqual([]);
    expect(sent('slo.exclusions.preview')).toEqual([]);
  });

  it('keeps what was typed when the server refuses it', async () => {
    const { user } = open([], {
      search: '?edit=new&platform=hashinsight&reason=Drill',
      answers: {
        'slo.exclusions.create': () => ({ code: 'invalid', message: 'The recurrence has too many occurrences.' }),
        'slo.exclusions.preview': () => ({ code: 'invalid', message: 'The recurrence has too many occurrences.' }),
      },
    });
    const form = within(await drawer());
    expect(await form.findByText('The recurrence has too many occurrences.')).toBeTruthy();
    await user.click(form.getByRole('button', { name: 'Exclude this time' }));
    expect(await form.findByText(/Correct the field and try again/)).toBeTruthy();
    expect(form.getByLabelText('Reason')).toHaveProperty('value', 'Drill');
  });
});

describe('one exclusion', () => {
  it('opens with what it said before, and can be withdrawn with a reason', async () => {
    const before = anExclusion({ durationMs: 15 * MINUTE_MS, reason: 'Short swap' });
    const { user, sent } = open([anExclusion({ version: 2, updatedByName: 'Mara Lund' })], {
      answers: {
        'slo.exclusions.versions': () => ({ data: [anExclusion({ version: 2 }), before] }),
        'slo.exclusions.withdraw': () => ({ data: null }),
      },
    });
    await user.click((await screen.findAllByRole('button', { name: 'Weekly disk swap' }))[0] ?? document.body);
    const sheet = within(await drawer());
    expect(await sheet.findByText('Short swap, maintenance')).toBeTruthy();
    expect(sheet.getByText('Every week on Sunday at 02:00 UTC, for 15 min')).toBeTruthy();
    expect(sheet.getAllByText(/^Version 1,/)).toHaveLength(1);
    await user.click(sheet.getByRole('button', { name: 'Withdraw' }));
    const question = within(await screen.findByRole('dialog', { name: 'Withdraw “Weekly disk swap”?' }));
    await user.click(question.getByRole('button', { name: 'Withdraw' }));
    expect(question.getByText('Say why, in at least 3 characters.')).toBeTruthy();
    await user.type(question.getByLabelText('Reason'), 'It never took place');
    await user.click(question.getByRole('button', { name: 'Withdraw' }));
    expect(sent('slo.exclusions.withdraw')).toEqual([{ id: 'exc_1', reason: 'It never took place' }]);
    expect(await screen.findByText('The exclusion is withdrawn.')).toBeTruthy();
  });

  it('gives no acts to those who may only look', async () => {
    open([anExclusion()], { as: reader, search: '?row=exc_1' });
    const sheet = within(await drawer());
    expect(sheet.getByText('FREQ=WEEKLY;BYDAY=SU')).toBeTruthy();
    expect(sheet.queryByRole('button', { name: 'Change' })).toBeNull();
    expect(sheet.queryByRole('button', { name: 'Withdraw' })).toBeNull();
  });

  it('says in the form that it was withdrawn meanwhile, keeps what was typed, and can exclude it anew', async () => {
    let rows = [anExclusion()];
    const withdrawn = anExclusion({ version: 2, withdrawnAt: NOW - MINUTE_MS, updatedByName: 'Mara Lund' });
    const { user, sent } = open([], {
      search: '?edit=exc_1',
      answers: {
        'slo.exclusions.list': () => ({ data: { rows, nextCursor: null } }),
        'slo.exclusions.versions': () => ({ data: [withdrawn, anExclusion()] }),
        'slo.exclusions.update': () => {
          rows = [];
          return { code: 'precondition', message: 'This exclusion was withdrawn; make a new one instead.' };
        },
        'slo.exclusions.create': () => ({ data: { id: 'exc_9' } }),
      },
    });
    const form = within(await drawer());
    const reason = form.getByLabelText('Reason');
    await user.clear(reason);
    await user.type(reason, 'Mine');
    await user.click(form.getByRole('button', { name: 'Save the change' }));
    expect(await form.findByText('This exclusion was withdrawn.')).toBeTruthy();
    expect(form.getByText(/^Mara Lund, .*14:46 UTC\. Its time counts again/)).toBeTruthy();
    expect(reason).toHaveProperty('value', 'Mine');
    await user.click(form.getByRole('button', { name: 'Exclude this time' }));
    await waitFor(() => expect(sent('slo.exclusions.create')).toMatchObject([{ reason: 'Mine' }]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('opens by its address though it was withdrawn before and is not listed, and says so', async () => {
    const withdrawn = anExclusion({ version: 2, withdrawnAt: NOW - DAY_MS, updatedByName: 'Mara Lund' });
    open([], {
      search: '?edit=exc_1',
      answers: { 'slo.exclusions.versions': () => ({ data: [withdrawn, anExclusion()] }) },
    });
    expect(await screen.findByText('This exclusion was withdrawn.')).toBeTruthy();
  });

  it('keeps both sides when somebody else saved first, and saves over it only when told', async () => {
    let theirs = anExclusion();
    const { user, sent } = open([], {
      search: '?edit=exc_1',
      answers: {
        'slo.exclusions.list': () => ({ data: { rows: [theirs], nextCursor: null } }),
        'slo.exclusions.update': (input) => {
          if ((input as { version: number }).version === 2) return { data: { version: 3 } };
          theirs = anExclusion({ version: 2, reason: 'Theirs' });
          return { code: 'conflict', message: 'It was changed at 14:40.' };
        },
      },
    });
    const form = within(await drawer());
    const reason = form.getByLabelText('Reason');
    await user.clear(reason);
    await user.type(reason, 'Mine');
    await user.click(form.getByRole('button', { name: 'Save the change' }));
    expect((await form.findByRole('alert')).textContent).toContain('Somebody else changed it meanwhile.');
    expect(reason).toHaveProperty('value', 'Mine');
    await user.click(form.getByRole('button', { name: 'Save mine over it' }));
    await waitFor(() => expect(sent('slo.exclusions.update')).toHaveLength(2));
    expect(sent('slo.exclusions.update')).toMatchObject([
      { id: 'exc_1', version: 1, exclusion: { reason: 'Mine' } },
      { id: 'exc_1', version: 2, exclusion: { reason: 'Mine' } },
    ]);
  });
});
