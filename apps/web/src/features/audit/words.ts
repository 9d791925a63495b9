import type { AuditRow } from '../../lib/api.ts';
import type { Tone } from '../../ui/tone.ts';

const looks: Record<AuditRow['status'], { tone: Tone; word: string }> = {
  success: { tone: 'ok', word: 'Done' },
  denied: { tone: 'warn', word: 'Denied' },
  failure: { tone: 'crit', word: 'Failed' },
};

export function statusLook(status: AuditRow['status']): { tone: Tone; word: string } {
  return looks[status];
}

const kinds: Record<AuditRow['actor_kind'], string> = {
  user: 'A person',
  key: 'An API key',
  system: 'The console',
  cli: 'The command line',
  anonymous: 'Someone not signed in',
};

/** Who acted: the address where there is one, else what kind of caller it was. */
export function actorName(row: Pick<AuditRow, 'actor_kind' | 'user_email' | 'user_id'>): string {
  return row.user_email ?? (row.actor_kind === 'key' && row.user_id !== null ? row.user_id : kinds[row.actor_kind]);
}

/** `slo.target_changed` read aloud: `target changed`, with its feature beside it. */
export function actionWords(action: string): { feature: string; verb: string } {
  const [feature = action, ...verb] = action.split('.');
  return { feature, verb: verb.join(' ').replaceAll('_', ' ') };
}

export function targetWords(row: Pick<AuditRow, 'target'>): string {
  return row.target === null ? '' : `${row.target.kind} ${row.target.id}`;
}

export function timeOf(row: Pick<AuditRow, 'timestamp'>): number {
  return Date.parse(row.timestamp);
}
