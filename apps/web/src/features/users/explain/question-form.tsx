import { permissionCatalog, type Permission } from '@qd/shared/permissions';
import { humanPermissions } from '@qd/shared/roles';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { byFeature, featureTitle } from '../roles/feature-words.ts';
import { usePlatformNames } from '../use-platform-names.ts';
import { PersonPicker } from './person-picker.tsx';

export interface QuestionFormProps {
  person: string | null;
  permission: Permission | null;
  /** `*`: on all platforms. */
  platform: string;
  onPerson(id: string | null): void;
  onPermission(permission: string | null): void;
  onPlatform(platform: string): void;
}

/** Who, what, and where. */
export function QuestionForm(props: QuestionFormProps) {
  const { person, permission, platform, onPerson, onPermission, onPlatform } = props;
  const { list: platforms } = usePlatformNames();
  return (
    <div role="search" aria-label="Why can they" className="grid gap-3">
      {person === null ? (
        <PersonPicker onPick={({ id }) => onPerson(id)} />
      ) : (
        <ChosenPerson id={person} onClear={() => onPerson(null)} />
      )}
      <Field label="May they">
        <Select value={permission ?? ''} onChange={(event) => onPermission(event.target.value)}>
          <option value="">Choose what</option>
          {byFeature(humanPermissions).map(({ feature, permissions }) => (
            <optgroup key={feature} label={featureTitle(feature)}>
              {permissions.map((one) => (
                <option key={one} value={one}>
                  {permissionCatalog[one]}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      </Field>
      <Field label="Where">
        <Select value={platform} onChange={(event) => onPlatform(event.target.value)}>
          <option value="*">All platforms</option>
          {platforms.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

function ChosenPerson({ id, onClear }: { id: string; onClear(): void }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.roles.effective.queryOptions({ userId: id }));
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <p className="text-small font-strong">Person</p>
        <p className="font-semibold wrap-anywhere">{data?.user.name ?? id}</p>
        <p className="text-small text-ink-3 wrap-anywhere">{data?.user.email}</p>
      </div>
      <Button size="s" onClick={onClear}>
        Choose another
      </Button>
    </div>
  );
}
