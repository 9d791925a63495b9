import { ReasonField } from '../../../lib/reason-field.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useRoleChoices } from '../use-role-choices.ts';
import { linkDays, type InviteDraft } from './draft.ts';

export interface InviteFieldsProps {
  draft: InviteDraft;
  onChange(change: Partial<InviteDraft>): void;
  /** What is wrong with which field, once the form was sent. */
  faults: Partial<Record<string, string>>;
  tried: boolean;
}

/** Who, as what, where, for how long and why. */
export function InviteFields({ draft, onChange, faults, tried }: InviteFieldsProps) {
  return (
    <>
      <div className="grid items-start gap-3 desk:grid-cols-2">
        <Field label="Name" required error={faults['name']}>
          <Input
            value={draft.name}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </Field>
        <Field label="Email" required error={faults['email']}>
          <Input
            type="email"
            value={draft.email}
            maxLength={320}
            autoComplete="off"
            onChange={(event) => onChange({ email: event.target.value })}
          />
        </Field>
        <RoleFields draft={draft} onChange={onChange} faults={faults} />
      </div>
      <Terms draft={draft} onChange={onChange} faults={faults} />
      <ReasonField value={draft.reason} onChange={(reason) => onChange({ reason })} tried={tried} />
      <Checkbox
        label="Mail the link"
        hint="Where no mail server is set up, the link is shown to you once."
        checked={draft.sendMail}
        onChange={(event) => onChange({ sendMail: event.target.checked })}
      />
    </>
  );
}

type PartProps = Omit<InviteFieldsProps, 'tried'>;

function RoleFields({ draft, onChange, faults }: PartProps) {
  const roles = useRoleChoices();
  const { list: platforms } = usePlatformNames();
  return (
    <>
      <Field label="Role" required error={faults['role'] === undefined ? undefined : 'Choose a role.'}>
        <Select value={draft.role} onChange={(event) => onChange({ role: event.target.value })}>
          <option value="">Choose</option>
          {roles.map((role) => (
            <option key={role.id} value={role.id}>
              {role.title}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Where" error={faults['platform']}>
        <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value })}>
          <option value="*">All platforms</option>
          {platforms.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}

function Terms({ draft, onChange, faults }: PartProps) {
  const { zone } = useTimeZone();
  return (
    <div className="grid items-start gap-3 desk:grid-cols-2">
      <Field label="Link works for" error={faults['lifeMs']}>
        <Select value={draft.days} onChange={(event) => onChange({ days: event.target.value })}>
          {linkDays.map((days) => (
            <option key={days} value={days}>
              {days === '1' ? '1 day' : `${days} days`}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label="Role ends after"
        hint={`Empty: until it is taken back. ${zone.label}.`}
        error={faults['grantExpiresAt']}
      >
        <Input type="date" value={draft.until} onChange={(event) => onChange({ until: event.target.value })} />
      </Field>
    </div>
  );
}
