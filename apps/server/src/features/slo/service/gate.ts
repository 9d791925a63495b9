import type { Override, PolicyMeanings, SloState } from '@qd/shared/slo';
import type { Ctx } from '../../../platform/context.ts';
import { openObjective } from './page/open-objective.ts';

/** Why a release may pass or not. */
export type GateReason = 'budget' | 'caution' | 'burning' | 'frozen' | 'overspent' | 'unknown' | 'override';

/** What a pipeline is told before it releases. Instants are ISO times. */
export interface GateAnswer {
  slo: string;
  allow: boolean;
  reason: GateReason;
  /** One sentence for the log of the pipeline. */
  message: string;
  /** What the team says this zone means; empty where it says nothing of its own. */
  note: string;
  state: SloState;
  leftRatio: number | null;
  asOf: string;
  override: { reason: string; createdBy: string; createdByName: string; until: string } | null;
}

const sentences: Record<GateReason, string> = {
  budget: 'There is budget left.',
  caution: 'Little budget is left; release with care.',
  burning: 'The budget is burning fast right now; find out why first.',
  frozen: 'The budget is nearly gone; only reliability fixes ship.',
  overspent: 'The budget is spent; only reliability fixes ship.',
  unknown: 'It is not known how much budget is left, and that is no licence to release.',
  override: 'A person lets releases pass.',
};

/**
 * Whether a release may pass by the policy of an objective: not while the budget is frozen, spent, burning fast or
 * unknown (no, too few or old measurements). `unknownPasses` lets the last of these pass; an override lets all of them.
 */
export async function gateOf(ctx: Ctx, id: string, options: { unknownPasses: boolean }): Promise<GateAnswer> {
  const { row, summary, override } = await openObjective(ctx, id);
  const reason = override === null ? reasonOf(summary) : 'override';
  const passes = ['budget', 'caution', 'override'].includes(reason);
  return {
    slo: id,
    allow: passes || (reason === 'unknown' && options.unknownPasses),
    reason,
    message: reason === 'override' ? `${sentences.override} ${override?.reason ?? ''}` : sentences[reason],
    note: row.meanings === null ? '' : meaningOf(summary.state, row.meanings),
    state: summary.state,
    leftRatio: summary.budget.leftRatio,
    asOf: new Date(summary.asOf).toISOString(),
    override: override === null ? null : told(override),
  };
}

/** A budget that was frozen or spent stays so however old that news is; that there is enough must be fresh news. */
function reasonOf({ state, freshness }: { state: SloState; freshness: string }): GateReason {
  if (state === 'overspent') return 'overspent';
  if (state === 'freeze') return 'frozen';
  if (state === 'no_data' || state === 'insufficient' || freshness === 'stale' || freshness === 'never')
    return 'unknown';
  if (state === 'fast_burn') return 'burning';
  return state === 'caution' ? 'caution' : 'budget';
}

function meaningOf(state: SloState, meanings: PolicyMeanings): string {
  switch (state) {
    case 'on_course':
      return meanings.ship;
    case 'caution':
    case 'fast_burn':
      return meanings.caution;
    case 'freeze':
      return meanings.freeze;
    case 'overspent':
      return meanings.overspent;
    case 'no_data':
    case 'insufficient':
      return '';
  }
}

function told({ reason, createdBy, createdByName, until }: Override): NonNullable<GateAnswer['override']> {
  return { reason, createdBy, createdByName, until: new Date(until).toISOString() };
}
