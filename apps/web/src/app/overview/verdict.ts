import type { Mark, SloSummary } from '@qd/shared/slo';
import { byUrgency, isStale } from '../../lib/slo-words.ts';

/** What is true of one platform, worst first in the order of the kinds below. */
export type VerdictKind =
  | 'failing'
  | 'incident'
  | 'overspent'
  | 'freeze'
  | 'fast_burn'
  | 'minor_incident'
  | 'caution'
  | 'unseen'
  | 'insufficient'
  | 'on_course'
  | 'empty';

export interface PlatformVerdict {
  platformId: string;
  platformName: string;
  kind: VerdictKind;
  /** The objective the verdict rests on. */
  slo: SloSummary | null;
  /** The gravest incident that is open. */
  incident: Mark | null;
  sloCount: number;
  /** Objectives whose state is not known now. They never count as on course. */
  unseen: SloSummary[];
}

const order: readonly VerdictKind[] = [
  'failing',
  'incident',
  'overspent',
  'freeze',
  'fast_burn',
  'minor_incident',
  'caution',
  'unseen',
  'insufficient',
  'on_course',
  'empty',
];

/** Failing share from which a burning objective is spoken of as failing requests. */
const FAILING_RATIO = 0.005;

/** Share of events that are bad now: burn rate times what the objective allows, over the last 5 minutes. */
export function failingRatio(slo: Pick<SloSummary, 'burn5m' | 'targetPercent'>): number | null {
  if (slo.burn5m === null) return null;
  return Math.min(1, slo.burn5m * (1 - Number(slo.targetPercent) / 100));
}

export function isPaging(slo: Pick<SloSummary, 'burnRows'>): boolean {
  return slo.burnRows.some((row) => row.state === 'firing' && row.severity === 'page');
}

function isUnseen(slo: SloSummary): boolean {
  return isStale(slo) || slo.state === 'no_data';
}

function kindOf(slo: SloSummary): VerdictKind {
  if (slo.state === 'no_data') return 'unseen';
  return isPaging(slo) && (failingRatio(slo) ?? 0) >= FAILING_RATIO ? 'failing' : slo.state;
}

function rankOf(kind: VerdictKind): number {
  return order.indexOf(kind);
}

/** What is known of one platform. */
export interface PlatformFacts {
  id: string;
  name: string;
  marks: readonly Mark[];
}

/** The gravest open incident, by its severity's name: P0 before P1. */
function gravest(marks: readonly Mark[]): Mark | null {
  const open = marks.filter((mark) => mark.kind === 'incident' && mark.open);
  return open.toSorted((a, b) => (a.severity ?? '~').localeCompare(b.severity ?? '~') || a.at - b.at)[0] ?? null;
}

function incidentKind(incident: Mark | null): VerdictKind | null {
  if (incident === null) return null;
  return incident.severity === 'P0' || incident.severity === 'P1' ? 'incident' : 'minor_incident';
}

/** The verdict of budgets alone. What cannot be seen is never called good. */
function judgeBudgets(slos: readonly SloSummary[]): Pick<PlatformVerdict, 'kind' | 'slo' | 'unseen'> {
  const unseen = slos.filter(isUnseen);
  const [worst] = slos
    .filter((slo) => !isUnseen(slo))
    .toSorted((a, b) => rankOf(kindOf(a)) - rankOf(kindOf(b)) || byUrgency(a, b));
  if (slos.length === 0) return { kind: 'empty', slo: null, unseen };
  const isHalfSeen = worst !== undefined && kindOf(worst) === 'on_course' && unseen.length > 0;
  if (worst === undefined || isHalfSeen) return { kind: 'unseen', slo: unseen[0] ?? null, unseen };
  return { kind: kindOf(worst), slo: worst, unseen };
}

/** The verdict on one platform from its objectives and its open incidents. */
export function judgePlatform(facts: PlatformFacts, slos: readonly SloSummary[]): PlatformVerdict {
  const budgets = judgeBudgets(slos);
  const incident = gravest(facts.marks);
  const graver = incidentKind(incident);
  const kind = graver !== null && rankOf(graver) < rankOf(budgets.kind) ? graver : budgets.kind;
  return { ...budgets, kind, incident, platformId: facts.id, platformName: facts.name, sloCount: slos.length };
}

/** One verdict per platform, the most urgent first. */
export function judgeAll(platforms: readonly PlatformFacts[], slos: readonly SloSummary[]): PlatformVerdict[] {
  return platforms
    .map((facts) =>
      judgePlatform(
        facts,
        slos.filter((slo) => slo.platformId === facts.id),
      ),
    )
    .toSorted(
      (a, b) =>
        rankOf(a.kind) - rankOf(b.kind) ||
        (a.slo?.budget.leftRatio ?? 2) - (b.slo?.budget.leftRatio ?? 2) ||
        a.platformName.localeCompare(b.platformName),
    );
}
