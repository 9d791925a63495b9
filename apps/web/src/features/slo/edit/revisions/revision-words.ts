import type { SloRevision } from '@qd/shared/slo';

/** How often it changed, in one sentence. */
export function revisionsCall(revisions: readonly SloRevision[]): string {
  const name = revisions[0]?.definition.name ?? 'This SLO';
  const changes = revisions.length - 1;
  if (changes < 1) return `${name} is as it was first defined.`;
  const again = revisions.filter(({ isRemeasured }) => isRemeasured).length;
  const times = changes === 1 ? 'once' : `${changes} times`;
  return again === 0
    ? `${name} was changed ${times}; its measurements went on.`
    : `${name} was changed ${times} and measured again ${again === 1 ? 'once' : `${again} times`}.`;
}

/** The two that are compared: those asked for, else the newest and the one before it. */
export function comparedRevisions(
  revisions: readonly SloRevision[],
  asked: { from?: string; to?: string },
): { before: SloRevision | undefined; after: SloRevision | undefined } {
  const find = (number: string | undefined) => revisions.find(({ revision }) => String(revision) === number);
  const after = find(asked.to) ?? revisions[0];
  const older = revisions.find(({ revision }) => after !== undefined && revision < after.revision);
  return { before: find(asked.from) ?? older ?? (revisions.length > 1 ? revisions.at(-1) : undefined), after };
}
