import type { Mark, SpendItem } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { aDetail, aSeries, marks, NOW, START } from '../../test/story.ts';
import { causeView } from './cause-view.ts';
import { stretchesOf, worstStretches } from './stretches.ts';
import { excludeWay, waysOn } from './ways-on.ts';

const [incident, deploy] = marks;
if (incident === undefined || deploy === undefined) throw new Error('the story has lost its marks');

const window = (id: string, at: number): Mark => ({
  ...deploy,
  id,
  kind: 'exclusion',
  label: 'Maintenance',
  detail: 'Disk swap',
  at,
  endAt: at + HOUR_MS,
});
const alert: Mark = { ...deploy, id: 'burn:1', kind: 'alert', label: 'Fast burn alert', severity: 'page' };

describe('a cause in the address', () => {
  it('is a mark with its cost and its own time', () => {
    const view = causeView('incident:INC-2026-1003-001', aDetail(), aSeries());
    if (view.kind !== 'mark') throw new Error('is no mark');
    expect(view.item?.budgetRatio).toBe(0.703);
    expect(view.windows).toEqual([{ startAt: incident.at, endAt: NOW }]);
    expect(view.beside.map(({ id }) => id)).toEqual(['dep_v2.0.0']);
  });

  it('is every window of an exclusion, the newest first, each drawn', () => {
    const slo = aDetail({ marks: [...marks, window('exc_1', START + DAY_MS), window('exc_1', START + 8 * DAY_MS)] });
    const view = causeView('exclusion:exc_1', slo, aSeries());
    if (view.kind !== 'mark') throw new Error('is no mark');
    expect(view.windows.map(({ startAt }) => startAt)).toEqual([START + 8 * DAY_MS, START + DAY_MS]);
    expect(stretchesOf('exclusion:exc_1', slo, aSeries())).toHaveLength(2);
  });

  it('is what nothing explains, with the dearest stretches outside every incident and deploy', () => {
    const view = causeView('background', aDetail(), aSeries());
    if (view.kind !== 'background') throw new Error('is something else');
    expect(view.item.label).toBe('Background errors');
    expect(view.worst).toHaveLength(3);
    for (const { startAt, endAt, budgetRatio } of view.worst) {
      expect(budgetRatio).toBeGreaterThan(0);
      const known = marks.filter((mark) => mark.at < endAt && (mark.endAt ?? NOW) > startAt);
      expect(known).toEqual([]);
    }
    expect(view.worst.map(({ budgetRatio }) => budgetRatio)).toEqual(
      view.worst.map(({ budgetRatio }) => budgetRatio).toSorted((a, b) => b - a),
    );
  });

  it('has no worst stretches in a line that rises again', () => {
    expect(worstStretches(aSeries({ view: 'rolling' }), marks)).toEqual([]);
    expect(worstStretches(undefined, marks)).toEqual([]);
  });

  it('is the small ones that share a line', () => {
    const small = Array.from({ length: 9 }, (_, i): SpendItem => {
      const mark = { ...deploy, id: `dep_${i}`, label: `Deploy ${i}` };
      const cost = { badEvents: 9 - i, budgetRatio: (9 - i) / 1_000, budgetMs: 9 - i, excluded: null };
      return { mark, label: mark.label, detail: '', at: mark.at, endAt: mark.endAt, ...cost };
    });
    const view = causeView('smaller', aDetail({ spend: small }), undefined);
    expect(view.kind === 'smaller' && view.items.map(({ label }) => label)).toEqual(
      [5, 6, 7, 8].map((i) => `Deploy ${i}`),
    );
  });

  it.each(['incident:INC-1999-0101-001', 'smaller'] as const)('is gone when the window has left %s behind', (key) => {
    expect(causeView(key, aDetail(), aSeries())).toEqual({ kind: 'gone' });
  });
});

describe('where a mark leads', () => {
  const slo = aDetail();

  it('is the page of a deploy, if it has one', () => {
    expect(waysOn(deploy, slo, true)).toEqual([]);
    const href = 'https://ci.example.test/7';
    expect(waysOn({ ...deploy, url: href }, slo, true)).toMatchObject([{ kind: 'site', href }]);
  });

  it('is the form of an exclusion for those who may change it, else its record', () => {
    const mark = window('exc_1', START);
    expect(waysOn(mark, slo, true)).toMatchObject([
      { path: '/slos/exclusions', params: { slo: slo.id, edit: 'exc_1' } },
    ]);
    expect(waysOn(mark, slo, false)).toMatchObject([{ params: { slo: slo.id, row: 'exc_1' } }]);
  });

  it('is the history for an alert, and nowhere yet for an incident', () => {
    expect(waysOn(alert, slo, true)).toMatchObject([{ kind: 'place', id: 'alert-history' }]);
    expect(waysOn(incident, slo, true)).toEqual([]);
  });

  it('is the form that excludes its time once it is over', () => {
    const stretch = { startAt: deploy.at, endAt: deploy.at + 40 * MINUTE_MS };
    expect(excludeWay(deploy, stretch, slo)).toMatchObject({
      params: {
        slo: slo.id,
        edit: 'new',
        from: String(deploy.at),
        reason: 'Deploy v1.9.0: Request coalescing rollout',
      },
    });
    expect(excludeWay(incident, stretch, slo)).toBeNull();
    expect(excludeWay(window('exc_1', START), stretch, slo)).toBeNull();
  });
});
