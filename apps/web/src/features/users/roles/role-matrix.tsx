import type { RoleMatrix as Matrix } from '@qd/shared/roles';
import { formatCount } from '../../../lib/format.ts';
import { cx } from '../../../ui/class-names.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { featureTitle } from './feature-words.ts';
import { MatrixMark } from './matrix-mark.tsx';

export interface RoleMatrixProps {
  matrix: Matrix;
  /** Words that must all be found in a permission or its sentence. */
  text: string;
  /** The role under the keys, and the one that is open. */
  cursor: string | null;
  onOpen(role: string): void;
}

const head = 'sticky left-0 z-1 bg-canvas text-left font-normal';

function narrowed(groups: Matrix['groups'], text: string): Matrix['groups'] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row: Matrix['groups'][number]['rows'][number]): boolean =>
    words.every((word) => `${row.permission} ${row.sentence}`.toLowerCase().includes(word));
  return groups
    .map(({ feature, rows }) => ({ feature, rows: rows.filter(fits) }))
    .filter((group) => group.rows.length > 0);
}

/** Permissions by feature against roles. Scrolls sideways in its own box; the permission stays in sight. */
export function RoleMatrix({ matrix, text, cursor, onOpen }: RoleMatrixProps) {
  const groups = narrowed(matrix.groups, text);
  if (groups.length === 0)
    return <EmptyState title="No permission fits.">Every word must be found in its name or sentence.</EmptyState>;
  return (
    <div
      role="region"
      aria-label="What each role may do"
      tabIndex={0}
      className="relative overflow-x-auto overscroll-x-contain"
    >
      <table className="w-full border-separate border-spacing-0">
        <caption className="sr-only">Permissions by feature, one column a role</caption>
        <thead>
          <tr>
            <td className={cx(head, 'min-w-40 border-b border-ink')} />
            {matrix.roles.map((role) => (
              <th
                key={role.id}
                scope="col"
                className={cx(
                  'w-[82px] min-w-[82px] border-b border-ink px-0.5 pb-1.5 align-bottom',
                  role.id === cursor && 'bg-sunken',
                )}
              >
                <RoleHead role={role} isCursor={role.id === cursor} onOpen={onOpen} />
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <Group key={group.feature} group={group} roles={matrix.roles} cursor={cursor} />
        ))}
      </table>
    </div>
  );
}

interface RoleHeadProps {
  role: Matrix['roles'][number];
  isCursor: boolean;
  onOpen(role: string): void;
}

function RoleHead({ role, isCursor, onOpen }: RoleHeadProps) {
  return (
    <button
      type="button"
      aria-current={isCursor || undefined}
      className="mx-auto grid min-h-11 w-full content-end justify-items-center rounded-2 py-0.5 text-small hover:bg-sunken"
      onClick={() => onOpen(role.id)}
    >
      <span className="font-medium wrap-anywhere underline-offset-[3px] hover:underline">{role.title}</span>
      <span className="text-micro font-normal text-ink-3">
        {formatCount(role.holders)}
        <span className="sr-only"> {role.holders === 1 ? 'holder' : 'holders'}</span>
        {!role.isBuiltIn && ', made here'}
      </span>
    </button>
  );
}

interface GroupProps {
  group: Matrix['groups'][number];
  roles: Matrix['roles'];
  cursor: string | null;
}

function Group({ group, roles, cursor }: GroupProps) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" className={cx(head, 'border-b border-line-2 pt-3.5 pb-1 text-small text-ink-3')}>
          {featureTitle(group.feature)}
        </th>
        {roles.map((role) => (
          <td key={role.id} className={cx('border-b border-line-2', role.id === cursor && 'bg-sunken')} />
        ))}
      </tr>
      {group.rows.map((row) => (
        <tr key={row.permission}>
          <th scope="row" className={cx(head, 'border-b border-line py-1.5 pr-3')} title={row.permission}>
            {row.sentence}
          </th>
          {row.cells.map((cell, index) => {
            const role = roles[index];
            return (
              <td
                key={role?.id ?? index}
                className={cx('border-b border-line text-center', role?.id === cursor && 'bg-sunken')}
              >
                <MatrixMark cell={cell} />
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}
