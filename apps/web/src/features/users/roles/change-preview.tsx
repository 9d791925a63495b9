import type { Permission } from '@qd/shared/permissions';
import { permissionDiff, type RoleChangePreview, type RoleDetail } from '@qd/shared/roles';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { PermissionDiff } from '../permission-diff.tsx';
import { sentenceOf } from '../person/rights.ts';
import { HolderList } from './role-holders.tsx';

/** What the change adds and removes, whom it touches, and whether the reader may make it. */
export function ChangePreview({ role, permissions }: { role: RoleDetail; permissions: Permission[] }) {
  const trpc = useTRPC();
  const diff = permissionDiff(role.permissions, permissions);
  const changes = diff.added.length + diff.removed.length > 0;
  const query = useQuery(
    trpc.roles.previewChange.queryOptions(
      { id: role.id, permissions },
      { enabled: changes && permissions.length > 0, placeholderData: keepPreviousData },
    ),
  );
  const preview = changes ? query.data : undefined;
  return (
    <div className="grid gap-2">
      <PermissionDiff {...diff} sentenceOf={sentenceOf} />
      {changes && query.error !== null && (
        <p role="alert" className="text-crit">
          Whom it touches could not be read. {describeError(query.error).remedy}
        </p>
      )}
      {preview !== undefined && <Consequences preview={preview} />}
    </div>
  );
}

function Consequences({ preview }: { preview: RoleChangePreview }) {
  const { refusal, needsApproval, affected, affectedCount } = preview;
  return (
    <>
      {refusal !== null && (
        <p role="alert" className="font-medium text-crit">
          You cannot save this. {refusal}
        </p>
      )}
      {needsApproval && (
        <p className="text-ink-2">Somebody else has to approve this first; nothing changes until then.</p>
      )}
      {affectedCount === 0 && <p className="text-ink-2">Nobody holds it: nobody is affected.</p>}
      {affectedCount > 0 && (
        <section aria-label="People affected">
          <h3 className="font-semibold">
            {affectedCount === 1 ? '1 person is affected' : `${affectedCount} people are affected`}
          </h3>
          <HolderList holders={affected} />
          {affectedCount > affected.length && (
            <p className="mt-1 text-small text-ink-3">{affected.length} of them are listed.</p>
          )}
        </section>
      )}
    </>
  );
}
