import type { BurnDownSeries, Mark, SloDetail } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aDetail, aSeries, END, NOW, START } from '../test/story.ts';
import { burnDownModel } from './panel-model.ts';
import { readingOf, readingText } from './reading.ts';

const modelOf = (series: BurnDownSeries, slo: SloDetail) =>
  burnDownModel(series, slo, { zone: utc, budget: series.view === 'rolling' ? slo.rolling : slo.budget });
const maintenance: Mark = {
  id: 'exc_1',
  kind: 'exclusion',
  platformId: 'hashinsight',
  at: NOW - 2 * DAY_MS,
  endAt: NOW - 2 * DAY_MS + 30 * MINUTE_MS,
  label: 'Maintenance',
  detail: 'Disk swap',
  severity: null,
  url: null,
  open: false,
  isDemo: false,
};
const calmRows = aDetail().burnRows.map((row) => ({ ...row, state: 'ok' as const }));

describe('the picture of an outage', () => {
  const model = modelOf(aSeries(), aDetail());

  it('puts the end of the line and its forecast into the enlarged hour', () => {
    expect(model.tone).toBe('crit');
    expect(model.window.end).toBeNull();
    expect(model.lens?.end).toEqual({
      lead: '2.9%, 0.63 min',
      brief: 'zero at 14:49',
      more: 'zero at 14:49, forecast',
    });
  });

  it('says how it was before, and where the ideal line is', () => {
    expect(model.lens?.notes.map((note) => note.text)).toEqual(['73.2% before']);
    expect(model.window.notes.map((note) => note.text)).toEqual(['ideal 17.9% now']);
  });

  it('names incidents by what happened and what they cost, deploys by their version', () => {
    const texts = model.window.marks.map((mark) => mark.text);
    expect(texts).toContain('v1.9.0');
    expect(texts).toContain('P3 CoinWarz breaker half-…, −0.80 min');
    expect(texts.some((text) => text.includes('Connection pool'))).toBe(false);
    expect(model.lens?.marks.map((mark) => mark.text)).toEqual(['14:23 P0 Connection pool exhaus…']);
  });
});

describe('other pictures', () => {
  it('is calm with a forecast to the end of the window', () => {
    const slo = aDetail({ state: 'on_course', burnRows: calmRows });
    const calm = { ...slo, budget: { ...slo.budget, leftRatio: 0.732, leftMs: 0.732 * slo.budget.budgetMs } };
    const model = modelOf(aSeries({ lens: null, forecast: { at: [NOW, END], leftRatio: [0.732, 0.64] } }), calm);
    expect(model.tone).toBe('water');
    expect(model.lens).toBeNull();
    expect(model.window.end).toEqual({
      lead: '73.2%, 15.81 min',
      brief: '64% on 9 Oct',
      more: '64% on 9 Oct, forecast',
    });
    expect(model.window.points.every((point) => point.hot === null)).toBe(true);
  });

  it('goes grey and says since when, once data are old', () => {
    const slo = aDetail({ freshness: 'stale', dataAt: NOW - 24 * MINUTE_MS });
    const model = modelOf(aSeries({ lens: null, forecast: null }), slo);
    expect(model.tone).toBe('water');
    expect(model.window.end?.more).toBe('no data since 14:23');
    expect(model.window.spans.at(-1)).toMatchObject({ kind: 'since', text: 'no data since 14:23' });
  });

  it('stays readable minutes after the first measurement', () => {
    const young = aDetail();
    const slo = { ...young, measurement: { ...young.measurement, measuredSince: NOW - 7 * MINUTE_MS } };
    const { window, lens } = modelOf(aSeries(), slo);
    expect(window.spans[0]).toMatchObject({ kind: 'before', text: 'not measured before 14:40' });
    expect(lens?.points.filter((point) => point.events !== null).length).toBeGreaterThan(5);
  });

  it('draws excluded time as a band of its own, clipped to the window, and gives it no flag', () => {
    const long = { ...maintenance, id: 'exc_2', at: START - DAY_MS, endAt: START + HOUR_MS, detail: '' };
    const model = modelOf(aSeries(), aDetail({ marks: [maintenance, long] }));
    expect(model.window.bands).toEqual([
      { id: 'exc_2', startAt: START, endAt: START + HOUR_MS, text: 'Maintenance' },
      { id: 'exc_1', startAt: maintenance.at, endAt: maintenance.endAt, text: 'Maintenance: Disk swap' },
    ]);
    expect(model.window.marks).toEqual([]);
    expect(model.lens?.bands).toEqual([]);
  });

  it('draws nothing it does not know', () => {
    const slo = aDetail({ state: 'no_data', freshness: 'never', dataAt: null });
    const unknown = {
      ...slo,
      budget: { ...slo.budget, leftRatio: null, leftMs: null },
      measurement: { ...slo.measurement, measuredSince: null },
    };
    const model = modelOf(aSeries({ at: [], leftRatio: [], lens: null, forecast: null, gaps: [] }), unknown);
    expect(model.window.end).toBeNull();
    expect(model.window.notes).toEqual([]);
    expect(model.axis.domain).toEqual([-20, 100]);
  });
});

describe('the readout', () => {
  const context = {
    zone: utc,
    nowMs: NOW,
    budgetMs: aDetail().budget.budgetMs,
    kind: 'window',
    unit: 'events',
    bands: [],
  } as const;
  const point = { at: NOW - DAY_MS, left: 73.5, hot: null, ideal: 21.2, forecast: null, events: null, failed: null };

  it.each([
    ['2 Oct, 14:47 UTC; 73.5% left, 15.88 min; ideal 21.2%', point],
    ['2 Oct, 14:47 UTC; not measured; ideal 21.2%', { ...point, left: null }],
    [
      '3 Oct, 18:47 UTC; still to come; ideal 18.0%; forecast 12.0%',
      { ...point, at: NOW + 4 * HOUR_MS, left: null, ideal: 18, forecast: 12 },
    ],
    ['2 Oct, 14:47 UTC; 41.3% left, 8.92 min', { ...point, left: null, hot: 41.3, ideal: null }],
  ])('%s', (text, at) => {
    expect(readingText(readingOf(at, context))).toBe(text);
  });

  it('counts the events of a minute', () => {
    const minute = { ...point, ideal: null, events: 59, failed: 48 };
    const lens = { ...context, kind: 'lens' as const };
    expect(readingText(readingOf(minute, lens))).toBe('14:47 UTC; 73.5% left, 15.88 min; 59 events, 48 failed');
    expect(readingOf({ ...minute, events: 1, failed: 0 }, lens).traffic).toBe('1 event');
  });

  it('says of a minute that it was bad as a whole, and that it does not count', () => {
    const bands = [{ id: 'exc_1', startAt: point.at - MINUTE_MS, endAt: point.at, text: 'Maintenance: Disk swap' }];
    const lens = { ...context, kind: 'lens' as const, unit: 'minutes' as const, bands };
    expect(readingText(readingOf({ ...point, ideal: null, events: 1, failed: 1 }, lens))).toBe(
      '14:47 UTC; 73.5% left, 15.88 min; 1 minute, 1 bad; excluded, Maintenance: Disk swap',
    );
    expect(readingOf({ ...point, at: point.at - MINUTE_MS }, lens).excluded).toBeNull();
  });
});
