import type { AlertEvent, AlertKind, AlertTransition, AlertView, BurnTier, SloSummary } from '@qd/shared/slo';
import { formatClock, formatDateTime, formatDay, formatDuration } from '../../../lib/format.ts';
import type { GlyphName } from '../../../ui/glyph.tsx';
import type { Tone } from '../../../ui/tone.ts';
import type { Moment } from '../moment.ts';

export interface AlertLook {
  word: string;
  tone: Tone;
  glyph: GlyphName;
}

const tiers: Record<BurnTier, string> = {
  fast: 'fast burn',
  medium: 'medium burn',
  slow: 'slow burn',
  long_term: 'long-term burn',
};

const kinds: Record<AlertKind, string> = { burn: 'Burn', exhaustion: 'Budget runs out', absent: 'No data' };

/** Alerts that speak: they fire, or are frozen as they were when the data stopped. */
export function speaking(slo: Pick<SloSummary, 'alerts'>): AlertView[] {
  return slo.alerts.filter((alert) => alert.state !== 'ok');
}

/** Whom an alert calls, as shape, colour and word. A frozen one is grey: nobody knows whether it still holds. */
export function alertWord(alert: Pick<AlertView, 'state' | 'severity'>): AlertLook {
  if (alert.state === 'frozen') return { word: 'Frozen', tone: 'stale', glyph: 'unknown' };
  if (alert.state === 'ok') return { word: 'Quiet', tone: 'ok', glyph: 'ok' };
  return alert.severity === 'page'
    ? { word: 'Page', tone: 'crit', glyph: 'crit' }
    : { word: 'Ticket', tone: 'warn', glyph: 'warn' };
}

/** What kind of alert: `Fast burn`, `Budget runs out`, `No data`. */
export function alertKind({ kind, tier }: Pick<AlertView, 'kind' | 'tier'>): string {
  if (kind !== 'burn' || tier === null) return kinds[kind];
  const words = tiers[tier];
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `since 14:26, 21 min`; with the day when it began on another. */
export function firingSince(firedAt: number, { nowMs, zone }: Moment): string {
  const today = formatDay(firedAt, zone, nowMs) === formatDay(nowMs, zone, nowMs);
  const at = today ? formatClock(firedAt, zone) : formatDateTime(firedAt, zone, nowMs);
  const ageMs = nowMs - firedAt;
  return ageMs < 60_000 ? `since ${at}` : `since ${at}, ${formatDuration(ageMs, { parts: 1 })}`;
}

const transitions: Record<AlertTransition, AlertLook> = {
  fired: { word: 'Fired', tone: 'crit', glyph: 'crit' },
  escalated: { word: 'Escalated', tone: 'crit', glyph: 'crit' },
  eased: { word: 'Eased', tone: 'warn', glyph: 'warn' },
  resolved: { word: 'Resolved', tone: 'none', glyph: 'done' },
  frozen: { word: 'Frozen', tone: 'stale', glyph: 'unknown' },
  thawed: { word: 'Thawed', tone: 'info', glyph: 'half' },
};

/** One change of an alert as shape and word. What fires as a ticket is amber, not red. */
export function eventLook({ transition, severity }: Pick<AlertEvent, 'transition' | 'severity'>): AlertLook {
  const look = transitions[transition];
  return look.tone === 'crit' && severity === 'ticket' ? { ...look, tone: 'warn', glyph: 'warn' } : look;
}

/** The alert of a list row, with how many more there are. */
export interface RowAlert {
  look: AlertLook;
  text: string;
}

/** The alert of a list row in a few words: `Page, fast burn`, `Frozen, page for fast burn`; null when none speaks. */
export function rowAlert(slo: Pick<SloSummary, 'alerts'>): RowAlert | null {
  const speaks = speaking(slo);
  const [worst] = speaks;
  if (worst === undefined) return null;
  const look = alertWord(worst);
  const kind = alertKind(worst).toLowerCase();
  const more = speaks.length > 1 ? `, ${speaks.length - 1} more` : '';
  return { look, text: `${look.word}, ${worst.state === 'frozen' ? `${worst.severity} for ${kind}` : kind}${more}` };
}
