import type { Mark } from '../types.ts';
import type { AlertKind, AlertView, BurnTier } from './types.ts';

/** An alert from firing to being over. Instants are epoch ms. */
export interface AlertEpisode {
  kind: AlertKind;
  severity: 'page' | 'ticket';
  tier: BurnTier | null;
  firedAt: number;
  /** Null while it fires, and where its end is not on record. */
  resolvedAt: number | null;
  summary: string;
  isDemo: boolean;
}

export interface AlertMarksInput {
  platformId: string;
  episodes: readonly AlertEpisode[];
  /** The alerts that fire now. */
  active: readonly Pick<AlertView, 'kind' | 'firedAt'>[];
  windowMs: number;
}

/** Alerts of a kind that begin nearer than this share of the window, the width of a mark, are drawn as one. */
const DENSE_RATIO = 1 / 60;
/** Most marks of alerts on one time axis; the newest are kept. */
export const MAX_ALERT_MARKS = 60;

const tiers: Record<BurnTier, string> = {
  fast: 'Fast burn',
  medium: 'Medium burn',
  slow: 'Slow burn',
  long_term: 'Long-term burn',
};

function nameOf({ kind, tier }: Pick<AlertEpisode, 'kind' | 'tier'>): string {
  if (kind === 'absent') return 'No data';
  if (kind === 'exhaustion') return 'Budget runs out';
  return tier === null ? 'Burn' : tiers[tier];
}

/** A run of alerts as one mark; `first` is the first of them. */
function markOf(first: AlertEpisode, run: readonly AlertEpisode[], input: AlertMarksInput): Mark {
  const severity = run.some((one) => one.severity === 'page') ? 'page' : 'ticket';
  const open = run.some(({ kind, firedAt }) =>
    input.active.some((alert) => alert.kind === kind && alert.firedAt === firedAt),
  );
  const endAt = run.reduce((latest, { firedAt, resolvedAt }) => Math.max(latest, resolvedAt ?? firedAt), first.firedAt);
  return {
    id: `${first.kind}:${first.firedAt}`,
    kind: 'alert',
    platformId: input.platformId,
    at: first.firedAt,
    endAt: open ? null : endAt,
    label: run.length === 1 ? `${nameOf(first)} alert` : `${nameOf(first)} alert, ${run.length} times`,
    detail: run.at(-1)?.summary ?? '',
    severity,
    open,
    url: null,
    isDemo: first.isDemo,
  };
}

/** When alerts fired and how long, by time: those of a kind that come close together as one mark, at most 60 marks. */
export function alertMarks(input: AlertMarksInput): Mark[] {
  const runs: AlertEpisode[][] = [];
  const newestOf = new Map<AlertKind, AlertEpisode[]>();
  for (const episode of input.episodes.toSorted((a, b) => a.firedAt - b.firedAt)) {
    const run = newestOf.get(episode.kind);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && episode.firedAt - last.firedAt < input.windowMs * DENSE_RATIO) {
      run.push(episode);
      continue;
    }
    const begun = [episode];
    runs.push(begun);
    newestOf.set(episode.kind, begun);
  }
  return runs.slice(-MAX_ALERT_MARKS).flatMap((run) => run.slice(0, 1).map((first) => markOf(first, run, input)));
}
