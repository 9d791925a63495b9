import { MINUTE_MS } from '../../time/index.ts';
import type { AlertRules } from '../alerts/types.ts';
import { alertRules, defaultAlertRules } from '../definition.ts';
import type { BurnRowSpec } from '../types.ts';
import { readAnnotations } from './annotations.ts';
import type { Collected } from './collect.ts';
import type { ConditionSpec, Metadata, PolicySpec, SloSpec } from './documents.ts';
import { durationMs, writtenDuration } from './durations.ts';
import { parsedJson } from './read-indicator.ts';

/** The short window of a rule that names one window only: a twelfth, as is usual. */
const SHORT_SHARE = 12;

/** Tells a fault or a remark at a path of the SLO. */
export interface AlertFaults {
  fault(path: (string | number)[], message: string): void;
  warn(path: (string | number)[], message: string): void;
}

interface Part {
  path: (string | number)[];
  spec: ConditionSpec;
  row: string | null;
  window: string | null;
  lookbackMs: number;
}

/** When the objective of a document speaks up: its own rows where it has policies, the rest as it was exported. */
export function readAlerting(
  annotation: string | undefined,
  policies: SloSpec['alertPolicies'],
  collected: Collected,
  faults: AlertFaults,
): AlertRules {
  const remembered = alertRules.safeParse(parsedJson(annotation)).data ?? defaultAlertRules;
  if (policies === undefined || policies.length === 0)
    return remembered.policy === 'custom' ? { ...remembered, policy: 'constant_limit', rows: [] } : remembered;
  const parts = policies.flatMap((policy, i): Part[] => {
    const path = ['spec', 'alertPolicies', i];
    const found = policyOf(policy, path, collected, faults);
    if (found === null) return [];
    const part = partOf(found, path, collected, faults);
    return part === null ? [] : [part];
  });
  return { ...remembered, policy: 'custom', rows: rowsOf(parts, faults) };
}

function policyOf(
  policy: NonNullable<SloSpec['alertPolicies']>[number],
  path: (string | number)[],
  collected: Collected,
  faults: AlertFaults,
): { metadata: Metadata | undefined; spec: PolicySpec } | null {
  if (!('alertPolicyRef' in policy)) return { metadata: policy.metadata, spec: policy.spec };
  const found = collected.find('AlertPolicy', policy.alertPolicyRef);
  if (found !== null) return found.value;
  faults.fault([...path, 'alertPolicyRef'], `there is no AlertPolicy “${policy.alertPolicyRef}” among the documents`);
  return null;
}

function partOf(
  { metadata, spec }: { metadata: Metadata | undefined; spec: PolicySpec },
  path: (string | number)[],
  collected: Collected,
  faults: AlertFaults,
): Part | null {
  const read = conditionOf(spec, path, collected, faults);
  if (read === null) return null;
  const lookbackMs = durationMs(writtenDuration(read.condition.lookbackWindow));
  if (lookbackMs === null) {
    faults.fault(path, `lookbackWindow ${read.condition.lookbackWindow} is not of a fixed length; write days`);
    return null;
  }
  const { op, alertAfter } = read.condition;
  if (op === 'lte' || op === 'lt')
    faults.warn(path, `op ${op} is read as gte: an alert fires when the burn rate exceeds its threshold`);
  if (alertAfter !== undefined) faults.warn(path, 'alertAfter is not used: the short window has its place');
  const { row = null, window = null } = readAnnotations(metadata?.annotations).own;
  return { path, spec: read, row, window, lookbackMs };
}

function conditionOf(
  { conditions: [condition] }: PolicySpec,
  path: (string | number)[],
  collected: Collected,
  faults: AlertFaults,
): ConditionSpec | null {
  if (condition === undefined) return null;
  if (!('conditionRef' in condition)) return condition.spec;
  const found = collected.find('AlertCondition', condition.conditionRef);
  if (found !== null) return found.value.spec;
  faults.fault([...path, 'conditionRef'], `there is no AlertCondition “${condition.conditionRef}” among the documents`);
  return null;
}

function rowsOf(parts: readonly Part[], faults: AlertFaults): BurnRowSpec[] {
  const rows: BurnRowSpec[] = [];
  for (const part of parts) {
    if (part.row !== null && part.window === 'short') continue;
    const twin = part.row === null ? undefined : parts.find((p) => p.row === part.row && p.window === 'short');
    const shortMs =
      twin?.lookbackMs ?? Math.max(MINUTE_MS, Math.round(part.lookbackMs / SHORT_SHARE / MINUTE_MS) * MINUTE_MS);
    if (twin === undefined) {
      const minutes = shortMs / MINUTE_MS;
      faults.warn(part.path, `names one window only; a short one of ${minutes} min, a twelfth, goes with it`);
    }
    const severity = /^(page|critical|high|p1|sev1)$/i.test(part.spec.severity) ? 'page' : 'ticket';
    rows.push({ shortMs, longMs: part.lookbackMs, limit: part.spec.condition.threshold, severity });
  }
  if (rows.length === 0) faults.fault(['spec', 'alertPolicies'], 'have no rule with a long window');
  return rows;
}
