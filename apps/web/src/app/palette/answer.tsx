import type { SloSummary } from '@qd/shared/slo';
import { budgetOf } from '../../features/slo/budget-words.ts';
import { formatClock, formatDay, formatPercent } from '../../lib/format.ts';
import { budgetTone, goneAt, isStale, sloLook } from '../../lib/slo-words.ts';
import type { Zone } from '../../lib/zone.ts';
import { Button } from '../../ui/button.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Gauge } from '../../ui/gauge.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { inSentence } from '../overview/call-sentence.ts';

const tones = { water: 'none', warn: 'warn', crit: 'crit' } as const;

function goneWords(slo: SloSummary, zone: Zone, now: number): string {
  const { exhaustion, budget } = slo;
  if (exhaustion.kind === 'already') return 'Overspent.';
  const at = goneAt(slo);
  if (at === null) {
    if (budget.window.view === 'rolling') return 'Not gone at this burn.';
    return `Not gone at this burn before the window closes on ${formatDay(budget.window.endAt, zone, now)}.`;
  }
  const day = formatDay(at, zone, now);
  const clock = formatClock(at, zone, { withZone: true });
  return `Gone at ${day === formatDay(now, zone, now) ? clock : `${day}, ${clock}`} at this burn.`;
}

/** The answer as one sentence to paste into a chat. */
export function answerText(slo: SloSummary, zone: Zone, now: number): string {
  const { leftRatio, leftMs, budgetMs } = slo.budget;
  const at = formatClock(slo.dataAt ?? slo.asOf, zone, { seconds: true, withZone: true });
  const subject = `${slo.platformName} ${inSentence(slo.name)}`;
  if (leftRatio === null || leftMs === null) return `${subject}: no data. As of ${at}.`;
  const left = `${formatPercent(leftRatio)} of the error budget left (${budgetOf(leftMs, budgetMs)})`;
  return `${subject}: ${left}. ${goneWords(slo, zone, now)} As of ${at}.`;
}

export interface AnswerProps {
  slo: SloSummary;
  zone: Zone;
  now: number;
  copyKey: string;
  copied: boolean;
  onCopy(): void;
}

/** What is left of the budget asked about, without leaving the palette. */
export function Answer({ slo, zone, now, copyKey, copied, onCopy }: AnswerProps) {
  const { leftRatio, leftMs, budgetMs, idealLeftRatio } = slo.budget;
  const old = isStale(slo) || leftRatio === null;
  const look = sloLook(slo);
  return (
    <div className="flex items-start gap-4 border-b border-line bg-sunken px-4 py-3.5" aria-live="polite">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 text-small text-ink-3">
          Answer, as of {formatClock(slo.dataAt ?? slo.asOf, zone, { seconds: true, withZone: true })}
          <StatusWord tone={look.tone}>{look.word}</StatusWord>
        </div>
        <div className="mt-1 flex flex-wrap items-baseline gap-x-2">
          <Figure
            value={leftRatio === null ? 'No data' : formatPercent(leftRatio).replace('%', '')}
            unit={leftRatio === null ? undefined : '%'}
            tone={old ? 'stale' : tones[budgetTone(slo)]}
            sizePx={40}
          />
          <span className="text-ink-2">
            of {slo.platformName}’s {inSentence(slo.name)} budget {leftRatio === null ? 'is not known' : 'is left'}
          </span>
        </div>
        <Gauge
          className="mt-2 max-w-[320px]"
          valueRatio={leftRatio}
          tone={budgetTone(slo)}
          marks={[slo.policy.freezeRatio, slo.policy.cautionRatio]}
          idealRatio={idealLeftRatio ?? undefined}
          label={`Budget left, ${slo.name}`}
        />
        <p className="mt-2 text-small text-ink-3">
          {leftMs === null
            ? (slo.staleReason ?? 'Nothing was measured.')
            : `${budgetOf(leftMs, budgetMs)}. ${goneWords(slo, zone, now)}`}
        </p>
      </div>
      <Button size="s" icon="copy" kbd={copyKey} onClick={onCopy} className="whitespace-nowrap phone:hidden">
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
