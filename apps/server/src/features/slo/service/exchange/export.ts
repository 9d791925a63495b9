import { DomainError } from '@qd/shared/errors';
import { platformsWith } from '@qd/shared/permissions';
import type { ExportInput } from '@qd/shared/slo';
import { toOpenSlo } from '@qd/shared/slo/openslo';
import { stringify } from 'yaml';
import type { Ctx } from '../../../../platform/context.ts';
import { exportedSources, sloRecords } from '../../queries/definitions.ts';
import { isOperator } from '../definitions/check.ts';
import { definitionOf } from '../definitions/stored-definition.ts';

/**
 * Objectives the actor may see as OpenSLO v1 text: all, those of a platform, or some by id. Throws `not_found` naming
 * ids that are none.
 */
export async function exportSlos(
  ctx: Ctx,
  { platform, ids, format }: ExportInput,
): Promise<{ text: string; count: number }> {
  const allowed = isOperator(ctx) ? '*' : platformsWith(ctx.actor.grants, 'slo:read');
  const isAllowed = platform === undefined || allowed === '*' || allowed.includes(platform);
  const of = platform === undefined ? allowed : isAllowed ? [platform] : [];
  const all = await sloRecords(ctx.db, of);
  const wanted = ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
  refuseUnknown(
    ids ?? [],
    wanted.map(({ id }) => id),
  );
  const sources = await exportedSources(ctx.db, [...new Set(wanted.map(({ sourceId }) => sourceId))]);
  const documents = toOpenSlo(wanted.map(definitionOf), sources);
  const text = format === 'json' ? `${JSON.stringify(documents, null, 2)}\n` : documents.map(yamlOf).join('---\n');
  return { text, count: wanted.length };
}

/** Text is quoted, so that loaders of older YAML take no time or number for what is text. */
function yamlOf(document: unknown): string {
  return stringify(document, {
    version: '1.2',
    schema: 'core',
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}

function refuseUnknown(ids: readonly string[], found: readonly string[]): void {
  const gone = ids.filter((id) => !found.includes(id));
  if (gone.length === 0) return;
  throw new DomainError('not_found', `There is no objective ${gone.slice(0, 5).join(', ')}; check the ids.`);
}
