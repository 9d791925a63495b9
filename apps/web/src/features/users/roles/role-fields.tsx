import { Field, Input } from '../../../ui/field.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import type { RoleDraft, RoleFaults } from './role-draft.ts';

export interface RoleFieldsProps {
  draft: RoleDraft;
  faults: RoleFaults;
  onChange(draft: RoleDraft): void;
}

/** What a role is called, what it is for, and what it gives. */
export function RoleFields({ draft, faults, onChange }: RoleFieldsProps) {
  return (
    <>
      <Field label="Title" required error={faults.title}>
        <Input
          value={draft.title}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => onChange({ ...draft, title: event.target.value })}
        />
      </Field>
      <Field label="What it is for" error={faults.description}>
        <Input
          value={draft.description}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ ...draft, description: event.target.value })}
        />
      </Field>
      <section aria-label="Permissions">
        <h3 className="mb-1.5 font-semibold">Permissions</h3>
        {faults.permissions !== undefined && (
          <p role="alert" className="mb-1.5 text-small font-medium text-crit">
            {faults.permissions}
          </p>
        )}
        <PermissionPicker chosen={draft.permissions} onChange={(permissions) => onChange({ ...draft, permissions })} />
      </section>
    </>
  );
}
