import { DomainError, type FieldError } from '@qd/shared/errors';
import { indicatorKindsOf, lintDefinition, type SloDefinition } from '@qd/shared/slo';
import type { Ctx } from '../../../../platform/context.ts';
import { sourceOf, type StoredSource } from '../../queries/sources.ts';
import type { SloDeps } from '../deps.ts';
import { probePlatform } from '../platform-file/probe-platform.ts';

/** The command line and the console itself hold no grants: who may run them may do more than this. */
export function isOperator({ actor }: Pick<Ctx, 'actor'>): boolean {
  return actor.kind === 'cli' || actor.kind === 'system';
}

/**
 * The source a definition names. Throws `invalid` naming `sourceId` when the platform has no such source, or
 * `indicator` when that kind of source cannot measure it.
 */
export async function sourceFor(ctx: Ctx, definition: SloDefinition): Promise<StoredSource> {
  const { platform, sourceId } = definition;
  const source = await sourceOf(ctx.db, sourceId, platform);
  if (source === null) throw refused('sourceId', `is not a source of ${platform}; choose one of its sources`);
  const fault = kindFault(definition, source);
  if (fault !== null) throw refused(fault.field, fault.message);
  return source;
}

/** What keeps a source from measuring an indicator by its kind alone; null when nothing does. */
export function kindFault({ indicator }: SloDefinition, source: Pick<StoredSource, 'kind'>): FieldError | null {
  const kinds = indicatorKindsOf(source.kind);
  if (kinds.includes(indicator.kind)) return null;
  const message = `cannot be ${indicator.kind}: a ${source.kind} source measures ${kinds.join(', ') || 'nothing'}`;
  return { field: 'indicator.kind', message };
}

/**
 * Tries indicators on their source before anything is stored; gives remarks. Sources that are not read are not tried.
 * Throws `upstream` when the source is down, `invalid` naming the field (by `fieldOf`) of each that cannot be read.
 */
export async function tryIndicators(
  ctx: Ctx,
  deps: Pick<SloDeps, 'openSource'>,
  source: StoredSource,
  { definitions, fieldOf }: { definitions: readonly SloDefinition[]; fieldOf: (i: number) => string },
): Promise<string[]> {
  if (definitions.length === 0) return [];
  const open = deps.openSource(source);
  if (open === null) return [];
  try {
    const { remarks } = await probePlatform(open, { slos: definitions }, ctx.now());
    return remarks.map((remark) => renamed(remark, fieldOf));
  } catch (error) {
    throw error instanceof DomainError ? tryFault(error, fieldOf) : error;
  } finally {
    await open.close();
  }
}

function tryFault(error: DomainError, fieldOf: (i: number) => string): DomainError {
  const fields = error.fields.map(({ field, message }) => ({ field: renamed(field, fieldOf), message }));
  if (error.code === 'invalid') return new DomainError('invalid', renamed(error.message, fieldOf), { fields });
  const message = `Nothing was stored, because the source cannot be asked now: ${error.message} Try again when it answers.`;
  return new DomainError(error.code, message, { cause: error });
}

function renamed(text: string, fieldOf: (i: number) => string): string {
  return text.replaceAll(/slos\[(\d+)\]/g, (_all, i: string) => fieldOf(Number(i)));
}

/** What the rules for definitions refuse, by field. */
export function lintFaults(definition: SloDefinition, intervalMs: number): FieldError[] {
  return lintDefinition(definition, { intervalMs })
    .filter(({ level }) => level === 'error')
    .map(({ field, message }) => ({ field, message }));
}

/** Text that a store cannot keep. Throws `invalid`. */
export function refuseUnstorable(definition: SloDefinition): void {
  for (const [field, value] of Object.entries(definition)) {
    if (JSON.stringify(value).includes('\\u0000')) throw refused(field, 'has a NUL character; remove it');
  }
}

function refused(field: string, message: string): DomainError {
  return new DomainError('invalid', `Nothing was stored: ${field} ${message}.`, { fields: [{ field, message }] });
}
