import { DAY_MS } from '../time/index.ts';
import { overlap, type SlotRole, type Span } from './slots.ts';

/** How far ahead gaps are looked for. */
export const HORIZON_MS = 14 * DAY_MS;

/** The time from now to as far ahead as gaps are looked for. */
export function horizon(nowMs: number): Span {
  return { startsAt: nowMs, endsAt: nowMs + HORIZON_MS };
}

/** The parts of a span that none of these cover, in order. They and the covered parts make up the span, without overlap. */
export function uncovered(within: Span, covers: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let fromMs = within.startsAt;
  for (const { startsAt, endsAt } of covers.toSorted((a, b) => a.startsAt - b.startsAt)) {
    if (endsAt <= startsAt) continue;
    const untilMs = Math.min(startsAt, within.endsAt);
    if (untilMs > fromMs) gaps.push({ startsAt: fromMs, endsAt: untilMs });
    fromMs = Math.max(fromMs, endsAt);
  }
  if (fromMs < within.endsAt) gaps.push({ startsAt: fromMs, endsAt: within.endsAt });
  return gaps;
}

/** Time without a primary; `hasSecondary` when a secondary is there throughout, so that at least somebody is. */
export interface CoverageGap extends Span {
  hasSecondary: boolean;
}

type RoleSpan = Span & { role: SlotRole };

/**
 * Time of the span for which nobody is primary on one platform, in order. A stretch that a secondary holds in part is split where
 * the secondary comes or goes, so that each gap says plainly whether anybody is there.
 */
export function coverageGaps(within: Span, slots: readonly RoleSpan[]): CoverageGap[] {
  const of = (role: SlotRole): RoleSpan[] => slots.filter((slot) => slot.role === role);
  const secondaries = of('secondary');
  return uncovered(within, of('primary')).flatMap((gap) => {
    const nobody = uncovered(gap, secondaries);
    const somebody = uncovered(gap, nobody);
    return [
      ...nobody.map((span) => ({ ...span, hasSecondary: false })),
      ...somebody.map((span) => ({ ...span, hasSecondary: true })),
    ].toSorted((a, b) => a.startsAt - b.startsAt);
  });
}

/** Who holds a role at an instant, of the slots of one platform; null for nobody. */
export function onCallAt<S extends RoleSpan>(slots: readonly S[], role: SlotRole, atMs: number): S | null {
  return slots.find((slot) => slot.role === role && slot.startsAt <= atMs && atMs < slot.endsAt) ?? null;
}

/** Who holds a role next after an instant, of the slots of one platform; null where nothing is planned. */
export function nextOnCall<S extends RoleSpan>(slots: readonly S[], role: SlotRole, afterMs: number): S | null {
  const coming = slots.filter((slot) => slot.role === role && slot.startsAt > afterMs && slot.endsAt > slot.startsAt);
  return coming.reduce<S | null>((first, slot) => (first && first.startsAt <= slot.startsAt ? first : slot), null);
}

/** True if the span would have an instant with nobody on call, were it not for whom it belongs to. */
export function leavesNobody(slot: Span, others: readonly Span[]): boolean {
  return (
    uncovered(
      slot,
      others.filter((other) => overlap(other, slot)),
    ).length > 0
  );
}
