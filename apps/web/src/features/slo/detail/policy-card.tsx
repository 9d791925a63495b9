import type { SloDetail } from '@qd/shared/slo';
import { useCan } from '../../../lib/use-can.ts';
import type { Zone } from '../../../lib/zone.ts';
import { cx } from '../../../ui/class-names.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { instantWords } from '../moment.ts';
import { OverrideSheet, WithdrawSheet } from './override-sheet.tsx';
import { policyStage, type PolicyStage } from './policy-stage.ts';
import { PolicyWords } from './policy-words.tsx';

const looks: Record<PolicyStage['tone'], string> = {
  ok: 'border-line-2 border-l-ok-fill',
  warn: 'border-warn-fill bg-warn-tint',
  crit: 'border-crit bg-crit-tint',
  stale: 'border-dashed border-stale-fill',
};

/** Stages at which the gate says no, so that letting a release pass is a decision of its own. */
const closed: ReadonlySet<PolicyStage['key']> = new Set(['freeze', 'overspent', 'unknown']);

/** May we ship? The answer of the budget policy, beside the call; and who decided otherwise until when. */
export function PolicyCard({ slo, zone, nowMs }: { slo: SloDetail; zone: Zone; nowMs: number }) {
  const can = useCan();
  const stage = policyStage(slo, zone, nowMs);
  const mayOverride = can('slo:override', slo.platformId);
  const override = slo.override !== null && slo.override.until > nowMs ? slo.override : null;
  return (
    <section aria-label="Budget policy" className={cx('rounded-1 border border-l-4 px-3 py-2.5', looks[stage.tone])}>
      <div className="flex items-center gap-2">
        <Glyph name={stage.glyph} size={16} />
        <b className="text-lead">{stage.word}</b>
        <span className="ml-auto text-small text-ink-2">{stage.because}</span>
      </div>
      <p className="mt-0.5 text-ink-2">{stage.advice}</p>
      {override !== null && (
        <div className="mt-2 border-t border-line-2 pt-2">
          <p>
            <b>Releases may pass</b> until {instantWords(override.until, { zone, nowMs })}.
          </p>
          <p className="text-small text-ink-2">
            {override.createdByName}: {override.reason}
          </p>
        </div>
      )}
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Popover
          title="Budget policy"
          align="end"
          className="w-[420px] max-w-[calc(100vw-24px)]"
          trigger={(props) => (
            <button {...props} type="button" className={cx('text-small', linkClass)}>
              Budget policy
            </button>
          )}
        >
          <PolicyWords slo={slo} nowMs={nowMs} />
        </Popover>
        {mayOverride && override === null && closed.has(stage.key) && <OverrideSheet slo={slo} zone={zone} />}
        {mayOverride && override !== null && <WithdrawSheet override={override} zone={zone} />}
      </div>
    </section>
  );
}
