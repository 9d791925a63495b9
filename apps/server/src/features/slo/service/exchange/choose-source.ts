import { type ReadObjective, withoutSecrets } from '@qd/shared/slo/openslo';
import type { StoredSource } from '../../queries/sources.ts';
import { kindFault } from '../definitions/check.ts';

/**
 * The source an imported objective is measured from: the one its document names (by id, then by address), else the one
 * given with the import, else the only one of its platform that can. Gives a sentence where there is none.
 */
export function chooseSource(
  { definition, source }: ReadObjective,
  known: readonly StoredSource[],
  sourceId: string | undefined,
): { source: StoredSource } | { fault: string } {
  const { platform } = definition;
  const own = known.filter(({ platformId }) => platformId === platform);
  if (own.length === 0) return { fault: `${platform} has no source to measure from; make one first (qd slo apply)` };
  const fitting = own.filter((one) => kindFault(definition, one) === null);
  const named =
    own.find(({ id }) => id === source.id) ??
    fitting.find(({ url }) => source.url !== null && url !== null && withoutSecrets(url) === source.url) ??
    own.find(({ id }) => id === sourceId) ??
    (fitting.length === 1 ? fitting[0] : undefined);
  if (named !== undefined) return { source: named };
  if (sourceId !== undefined)
    return { fault: `“${sourceId}” is not a source of ${platform}; choose one of its sources` };
  const names = own.map(({ id }) => id).join(', ');
  return { fault: `names no source of ${platform}; choose one of ${names} for the import` };
}
