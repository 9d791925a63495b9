import { expect, it } from 'vitest';
import { bareField, placeOf } from './places.ts';

it.each([
  ['targetPercent', 'targetPercent'],
  ['indicator.le', 'indicator.le'],
  ['indicator', 'indicator'],
  ['indicator.kind', 'indicator'],
  ['windows[1].calendar.timeZone', 'windows[1].calendar.timeZone'],
  ['windows[1]', 'windows'],
  ['alerting.rows[0].limit', 'alerting.rows[0].limit'],
  ['alerting.rows', 'alerting'],
  ['alerting.policy', 'alerting'],
  ['revision', 'form'],
  ['', 'form'],
])('what is said about %s stands at %s', (field, place) => {
  expect(placeOf(field)).toBe(place);
});

it('takes a field out of the input it was sent in', () => {
  expect(bareField('definition.indicator.le')).toBe('indicator.le');
  expect(bareField('indicator.le')).toBe('indicator.le');
});
