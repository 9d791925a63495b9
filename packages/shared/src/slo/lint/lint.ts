import { DomainError, type FieldError } from '../../errors/index.ts';
import type { SloDefinition } from '../definition.ts';
import { namedMs } from '../windows/current.ts';
import { lintBounds } from './bounds.ts';
import { lintMeasured, type Measured } from './measured.ts';
import { lintPolicy } from './policy.ts';
import { lintQueries } from './queries.ts';
import { lintRows } from './rows.ts';
import type { LintRemark } from './types.ts';

export interface LintContext {
  /** How often the source is read. */
  intervalMs: number;
  /** What was counted in the past, where that is known. */
  measured?: Measured;
  /** Finite bounds of the histogram it reads, ascending, where they are known. */
  bounds?: readonly number[];
}

const order: Record<LintRemark['level'], number> = { error: 0, warning: 1, note: 2 };

/** Everything that may be wrong with a definition, errors first. Definitions with errors cannot be saved. */
export function lintDefinition(definition: SloDefinition, { intervalMs, measured, bounds }: LintContext): LintRemark[] {
  const [judged] = definition.windows;
  if (judged === undefined) throw new RangeError('a definition has at least one window');
  const windowMs = namedMs(judged);
  const remarks = [
    ...lintQueries(definition),
    ...lintBounds(definition.indicator, bounds ?? []),
    ...lintPolicy(definition, windowMs),
    ...lintRows(definition, windowMs, intervalMs),
    ...(measured === undefined ? [] : lintMeasured(definition, windowMs, measured)),
  ];
  return remarks.toSorted((a, b) => order[a.level] - order[b.level]);
}

/** The remark behind a refusal of the source that is about the definition and not about its syntax; null for others. */
export function remarkOfRefusal({ field, message }: FieldError): LintRemark | null {
  if (field === 'indicator.le') return { code: 'missing_bucket', level: 'error', field, message };
  const isExcess = field === 'indicator.bad' || field === 'indicator.good';
  return isExcess ? { code: 'bad_over_total', level: 'error', field, message } : null;
}

/** Throws `invalid` naming the field of every remark that is an error. */
export function refuseErrors(remarks: readonly LintRemark[]): void {
  const fields = remarks.filter(({ level }) => level === 'error').map(({ field, message }) => ({ field, message }));
  if (fields.length === 0) return;
  const words = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new DomainError('invalid', `Nothing was stored: ${words}`, { fields });
}
