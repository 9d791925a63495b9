import { keyEnvironments } from '@qd/shared/api-keys';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import type { KeyDraft } from './draft.ts';

/** What a key is called, where it works and what it may do there. */
export type KeyPlace = Pick<KeyDraft, 'name' | 'platform' | 'environment' | 'scopes'>;

export interface KeyFieldsProps {
  draft: KeyPlace;
  platforms: readonly { id: string; name: string }[];
  platformHint?: string | undefined;
  faults: Partial<Record<string, string>>;
  onChange(change: Partial<KeyPlace>): void;
}

/** What the key is called, and where it works. What it may do begins anew on another platform. */
export function KeyFields({ draft, platforms, platformHint, faults, onChange }: KeyFieldsProps) {
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
        <Field label="Platform" hint={platformHint} error={faults['platform']}>
          <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value, scopes: [] })}>
            {platforms.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
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
