import { keyEnvironments, type CreatablePlatform } from '@qd/shared/api-keys';
import { useCan } from '../../../lib/use-can.ts';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import type { KeyDraft } from './draft.ts';

export interface KeyFieldsProps {
  draft: KeyDraft;
  platforms: readonly CreatablePlatform[];
  faults: Partial<Record<string, string>>;
  onChange(change: Partial<KeyDraft>): void;
}

/** What the key is called, and where it works. */
export function KeyFields({ draft, platforms, faults, onChange }: KeyFieldsProps) {
  const can = useCan();
  return (
    <>
      <Field label="Name" required error={faults['name']}>
        <Input
          value={draft.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <div className="grid items-start gap-3 desk:grid-cols-[minmax(0,1fr)_auto]">
        <Field label="Platform" error={faults['platform']}>
          <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value, scopes: [] })}>
            {platforms.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            {can('api-keys:write', null) && <option value="*">All platforms</option>}
          </Select>
        </Field>
        <div>
          <p className="mb-[5px] text-small font-strong">Environment</p>
          <Segmented
            label="Environment"
            value={draft.environment}
            onChange={(environment) => onChange({ environment })}
            options={keyEnvironments.map((value) => ({ value, label: value }))}
          />
        </div>
      </div>
    </>
  );
}
