import type { Mark, SloDetail } from '@qd/shared/slo';
import { paths } from '../../../../lib/paths.ts';
import type { TimeRange } from '../../chart/series.ts';
import { stretchParams } from '../../exclusions/exclude-params.ts';

/** Where one can go from a cause: another site, a page of the console, or a place on the same page. */
export type WayOn =
  | { kind: 'site'; href: string; words: string }
  | { kind: 'page'; path: string; params: Record<string, string>; words: string }
  | { kind: 'place'; id: string; words: string };

/** Where a mark leads: the one place to say so. An incident has no page of its own yet. */
export function waysOn(mark: Mark, slo: Pick<SloDetail, 'id'>, mayExclude: boolean): WayOn[] {
  switch (mark.kind) {
    case 'deploy':
      return mark.url === null ? [] : [{ kind: 'site', href: mark.url, words: 'Open the deploy' }];
    case 'exclusion': {
      const params = { slo: slo.id, ...(mayExclude ? { edit: mark.id } : { row: mark.id }) };
      const words = mayExclude ? 'Change the exclusion' : 'Open the exclusion';
      return [{ kind: 'page', path: paths.sloExclusions, params, words }];
    }
    case 'alert':
      return [{ kind: 'place', id: 'alert-history', words: 'Alert history' }];
    case 'incident':
      return [];
  }
}

/** The form that takes the time of a cause out of the budget; null for what goes on still or is excluded already. */
export function excludeWay(mark: Mark, stretch: TimeRange, slo: Pick<SloDetail, 'id'>): WayOn | null {
  if (mark.open || mark.kind === 'exclusion') return null;
  const reason = [mark.label, mark.detail].filter((part) => part !== '').join(': ');
  return excludeStretch(slo.id, stretch, reason);
}

/** The same for a stretch nothing is known about. */
export function excludeStretch(slo: string, stretch: TimeRange, reason = ''): WayOn {
  const params = stretchParams({ slo, ...stretch, reason: reason.slice(0, 500) });
  return { kind: 'page', path: paths.sloExclusions, params, words: 'Exclude this time' };
}
