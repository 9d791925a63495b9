import { permissionCatalog } from '@qd/shared/permissions';
import type { RoleDetail } from '@qd/shared/roles';
import { serverNow } from '../../../lib/clock.ts';
import { formatDay } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Tag } from '../../../ui/tag.tsx';
import { PanelSection } from '../person/panel-section.tsx';
import { byFeature, featureTitle } from './feature-words.ts';
import { RoleHolders } from './role-holders.tsx';

/** What a role is for, what it gives and who holds it. */
export function RoleBody({ role }: { role: RoleDetail }) {
  return (
    <>
      <p className="text-ink-2">{role.description === '' ? 'Nobody wrote down what it is for.' : role.description}</p>
      <Origin role={role} />
      <PanelSection title={`May do ${role.permissions.length === 1 ? '1 thing' : `${role.permissions.length} things`}`}>
        {byFeature(role.permissions).map(({ feature, permissions }) => (
          <div key={feature} className="mb-2">
            <h4 className="text-small text-ink-3">{featureTitle(feature)}</h4>
            <ul>
              {permissions.map((permission) => (
                <li
                  key={permission}
                  className="flex flex-wrap items-baseline justify-between gap-x-3 border-b border-line py-1"
                >
                  <span>{permissionCatalog[permission]}</span>
                  <span className="mono text-small text-ink-3">{permission}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </PanelSection>
      <RoleHolders id={role.id} count={role.holders} />
    </>
  );
}

function Origin({ role }: { role: RoleDetail }) {
  const { zone } = useTimeZone();
  if (role.isBuiltIn)
    return (
      <p className="mt-2">
        <Tag>Built in</Tag>
      </p>
    );
  const by = role.createdBy?.name ?? 'the command line';
  const at = role.createdAt === null ? '' : `, ${formatDay(role.createdAt, zone, serverNow())}`;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-2 text-small text-ink-3">
      <Tag>{role.isArchived ? 'Archived' : 'Made here'}</Tag>
      <span>
        By {by}
        {at}, version {role.version}
      </span>
    </p>
  );
}
