import type { Mark } from '@qd/shared/slo';
import { HOUR_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aDetail, aSeries, marks, NOW, START } from '../test/story.ts';
import { overlaps } from './labels.ts';
import { panelAnnotations, planeOf } from './panel-annotations.ts';
import { panelRoom } from './panel-geometry.ts';
import { burnDownModel } from './panel-model.ts';
import { plotTargets } from './plot-targets.ts';

const size = { width: 720, height: 384 };

function targetsOf(more: readonly Mark[] = []) {
  const slo = aDetail({ marks: [...marks, ...more] });
  const { window: panel, axis } = burnDownModel(aSeries({ lens: null }), slo, { zone: utc, budget: slo.budget });
  const plane = planeOf(panel, axis.domain, size, panelRoom('window', false, false));
  const placed = panelAnnotations({ panel, asOf: NOW, narrow: false, nowText: () => 'Now' }, plane);
  return { targets: plotTargets(panel, placed, plane), plane };
}

const event = (id: string, kind: Mark['kind'], at: number): Mark => ({
  id,
  kind,
  platformId: 'hashinsight',
  at,
  endAt: at + HOUR_MS,
  label: id,
  detail: '',
  severity: kind === 'alert' ? 'page' : null,
  open: false,
  url: null,
  isDemo: false,
});

describe('places of the plot that lead to a cause', () => {
  it('are one for every sign, from left to right, under the sign', () => {
    const { targets, plane } = targetsOf();
    const causes = targets.map(({ cause }) => cause);
    for (const mark of marks) {
      const own = targets.find(({ cause }) => cause === `${mark.kind}:${mark.id}`);
      const isShared = targets.some(({ others }) => others > 0);
      expect(own !== undefined || isShared).toBe(true);
    }
    expect(causes[0]).toBe('deploy:dep_v1.9.0');
    const incident = targets.find(({ cause }) => cause === 'incident:INC-2026-0919-001');
    const end = marks.find(({ id }) => id === 'INC-2026-0919-001')?.endAt ?? 0;
    expect((incident?.box.x ?? 0) + 12).toBeCloseTo(plane.x(end), 6);
    expect(incident?.name).toBe('P3 incident INC-2026-0919-001, CoinWarz breaker half-open');
  });

  it('take alerts and excluded time in', () => {
    const { targets } = targetsOf([
      event('burn:1', 'alert', START + 40 * HOUR_MS),
      event('exc', 'exclusion', START + 140 * HOUR_MS),
    ]);
    expect(targets.map(({ cause }) => cause)).toEqual(expect.arrayContaining(['alert:burn:1', 'exclusion:exc']));
  });

  it('never cover each other, however dense it is, and say how many share a place', () => {
    const dense = Array.from({ length: 300 }, (_, i) =>
      event(`d${i}`, i % 2 === 0 ? 'deploy' : 'alert', START + i * HOUR_MS),
    );
    const { targets } = targetsOf(dense);
    for (const [i, { box }] of targets.entries()) {
      for (const other of targets.slice(i + 1)) expect(overlaps(box, other.box)).toBe(false);
    }
    const told = targets.reduce((sum, { others }) => sum + 1 + others, 0);
    expect(told).toBe(300 + marks.length);
  });
});
