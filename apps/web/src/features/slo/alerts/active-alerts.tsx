import type { AlertView, SloSummary } from '@qd/shared/slo';
import { formatClock } from '../../../lib/format.ts';
import { isStale } from '../../../lib/slo-words.ts';
import type { Zone } from '../../../lib/zone.ts';
import { StatusWord } from '../../../ui/status-word.tsx';
import { alertKind, alertWord, firingSince, speaking } from './alert-words.ts';

export interface ActiveAlertsProps {
  slo: Pick<SloSummary, 'alerts' | 'dataAt' | 'freshness' | 'inMaintenance'>;
  zone: Zone;
  nowMs: number;
}

/** The alerts that fire now, the most urgent first, each with its figures and since when. Nothing when all is quiet. */
export function ActiveAlerts({ slo, zone, nowMs }: ActiveAlertsProps) {
  const alerts = speaking(slo);
  if (alerts.length === 0) return null;
  return (
    <ul aria-label="Alerts that fire" className="mb-4 border-t border-ink">
      {alerts.map((alert) => (
        <li
          key={alert.kind}
          className="grid grid-cols-[76px_minmax(0,1fr)] items-start gap-x-3 border-b border-line py-2.5 text-body"
        >
          <Word alert={alert} />
          <div className="min-w-0">
            <p className="font-medium">{alert.summary}</p>
            <p className="text-small text-ink-3">
              {alertKind(alert)}, {firingSince(alert.firedAt, { zone, nowMs })}. Figures are from when it fired.
            </p>
            {alert.state === 'frozen' && <p className="text-small text-stale">{frozenWords(alert, slo, zone)}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Word({ alert }: { alert: AlertView }) {
  const look = alertWord(alert);
  return (
    <StatusWord tone={look.tone} glyph={look.glyph}>
      {look.word}
    </StatusWord>
  );
}

/** What a frozen alert was, and what it waits for. */
function frozenWords({ severity }: AlertView, slo: ActiveAlertsProps['slo'], zone: Zone): string {
  const what = severity === 'page' ? 'A page' : 'A ticket';
  const at = slo.dataAt === null ? '' : ` at ${formatClock(slo.dataAt, zone)}`;
  const why = isStale(slo)
    ? `its data are stale. It neither worsens nor resolves until they are back.`
    : `${slo.inMaintenance ? 'excluded time leaves' : 'gaps leave'} too little to judge. It neither worsens nor resolves meanwhile.`;
  return `${what}, held as it was${isStale(slo) ? at : ''}: ${why}`;
}
