import { defaultAlertRules, type BurnRow, type SloRevision } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { expect, it } from 'vitest';
import { burnCsv } from './detail/burn-csv.ts';
import { spendCsv } from './detail/spend-csv.ts';
import { changesCsv, revisionsCsv } from './edit/revisions/revisions-csv.ts';
import { aDefinition } from './edit/test/story.ts';

const lines = (csv: string) => csv.slice(1).trimEnd().split('\r\n');

it('writes burn rates with units in the head, and leaves empty what is not known', () => {
  const row: BurnRow = {
    severity: 'page',
    shortMs: 5 * MINUTE_MS,
    longMs: HOUR_MS,
    limit: 14.4,
    state: 'firing',
    shortBurn: 20.25,
    longBurn: null,
    budgetShareRatio: 0.02,
    spentShareRatio: null,
    excludedMinutes: 3,
  };
  const [head, line] = lines(burnCsv([row]));
  expect(head).toMatch(/^Severity,State,Short window \(min\),Long window \(min\),Limit \(x\),/);
  expect(line).toBe('page,firing,5,60,14.4,20.25,,2,,3');
});

it('writes every cause with what it cost, and what excluded time would have', () => {
  const item = { mark: null, detail: '', at: null, endAt: null, badEvents: 12, budgetRatio: 0.25, budgetMs: 90_000 };
  const excluded = { windows: 2, badEvents: 5, budgetRatio: 0.1, budgetMs: 30_000 };
  const at = Date.UTC(2026, 9, 3, 14, 26);
  const csv = spendCsv([
    { ...item, label: '@unattributed', excluded: null },
    { ...item, label: 'Excluded: disks', at, endAt: at + HOUR_MS, badEvents: 0, budgetRatio: 0, budgetMs: 0, excluded },
  ]);
  expect(lines(csv).slice(1)).toEqual([
    ",'@unattributed,,,,1.5,25,12,,",
    ',Excluded: disks,,2026-10-03T14:26:00Z,2026-10-03T15:26:00Z,0,0,0,0.5,5',
  ]);
});

it('writes revisions with their definitions, defused', () => {
  const one: SloRevision = {
    revision: 2,
    definition: { ...aDefinition(), name: '=Availability', alerting: defaultAlertRules },
    changedAt: Date.UTC(2026, 9, 3, 14, 47, 30),
    changedBy: 'mara@example.test',
    changedByName: 'Mara Lund',
    reason: 'Agreed, again',
    isRemeasured: true,
    supersededAt: null,
  };
  const [head, line] = lines(revisionsCsv([one]));
  expect(head).toBe(
    'Revision,Changed (UTC),Changed by,Changed by (e-mail),Reason,Measured again,In force until (UTC),Name,Target (%),Definition (JSON)',
  );
  expect(line).toMatch(
    /^2,2026-10-03T14:47:30Z,Mara Lund,mara@example\.test,"Agreed, again",yes,,'=Availability,[\d.]+,"\{""/,
  );
});

it('writes what two revisions say differently', () => {
  const change = { key: 'target', label: 'Target', before: '99.9%', after: null, isCode: false };
  expect(lines(changesCsv([change], 1, 3))).toEqual(['What,Revision 1,Revision 3', 'Target,99.9%,']);
});
