import { permissionCatalog, type Permission } from '@qd/shared/permissions';
import { humanPermissions } from '@qd/shared/roles';
import { useCan } from '../../../lib/use-can.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { byFeature, featureTitle } from './feature-words.ts';

export interface PermissionPickerProps {
  chosen: readonly Permission[];
  onChange(chosen: Permission[]): void;
}

/** Every permission a person can hold, by feature. What the reader lacks cannot be chosen: nobody gives what they lack. */
export function PermissionPicker({ chosen, onChange }: PermissionPickerProps) {
  const can = useCan();
  const toggle = (permission: Permission): void =>
    onChange(humanPermissions.filter((p) => (p === permission ? !chosen.includes(p) : chosen.includes(p))));
  return (
    <div className="grid gap-3">
      {byFeature(humanPermissions).map(({ feature, permissions }) => (
        <fieldset key={feature}>
          <legend className="text-small text-ink-3">{featureTitle(feature)}</legend>
          {permissions.map((permission) => (
            <Checkbox
              key={permission}
              checked={chosen.includes(permission)}
              disabled={!can(permission)}
              label={permissionCatalog[permission]}
              hint={
                can(permission) ? permission : `${permission}: you do not hold it, so you can neither give nor take it`
              }
              onChange={() => toggle(permission)}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
