import { keyEnvironments } from '@qd/shared/api-keys';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, Input, Select, Textarea } from '../../../ui/field.tsx';
import { formatWords, type PolicyDraft } from './policy-draft.ts';

export interface PolicyFieldsProps {
  draft: PolicyDraft;
  faults: Partial<Record<string, string>>;
  readOnly: boolean;
  onChange(change: Partial<PolicyDraft>): void;
}

/** How keys look, when they are rotated, how long they live, and what happens when one leaks. */
export function PolicyFields(props: PolicyFieldsProps) {
  const { draft, faults, readOnly, onChange } = props;
  return (
    <fieldset disabled={readOnly} className="grid gap-4">
      <div className="grid items-start gap-3 desk:grid-cols-2">
        <Field label="Keys begin with" hint={`Like ${draft.prefix || 'hsi'}_prod_key_…`} error={faults['prefix']}>
          <Input
            className="mono"
            value={draft.prefix}
            maxLength={8}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ prefix: event.target.value })}
          />
        </Field>
        <Field label="Form" error={faults['format']}>
          <Select
            value={draft.format}
            onChange={(event) => onChange({ format: event.target.value === 'seed16' ? 'seed16' : 'v2' })}
          >
            <option value="v2">{formatWords.v2}</option>
            <option value="seed16">{formatWords.seed16}</option>
          </Select>
        </Field>
      </div>
      <RotationFields {...props} />
      <LifeFields {...props} />
      <Quarantines {...props} />
      <Field
        label="Scopes of its own"
        hint="Beside those its roles name. One a line: the scope, then what it allows, like billing:read Read invoices."
        error={faults['scopes']}
      >
        <Textarea
          rows={4}
          className="mono"
          value={draft.scopes}
          spellCheck={false}
          onChange={(event) => onChange({ scopes: event.target.value })}
        />
      </Field>
    </fieldset>
  );
}

function RotationFields({ draft, faults, onChange }: PolicyFieldsProps) {
  return (
    <div className="grid items-start gap-3 desk:grid-cols-3">
      <Field label="Rotated">
        <Select
          value={draft.rotation}
          onChange={(event) => onChange({ rotation: event.target.value === 'quarter' ? 'quarter' : 'age' })}
        >
          <option value="age">By age of the key</option>
          <option value="quarter">Each quarter, UTC</option>
        </Select>
      </Field>
      {draft.rotation === 'age' && (
        <Field label="Every, days" error={faults['everyDays']}>
          <Input
            inputMode="numeric"
            value={draft.everyDays}
            autoComplete="off"
            onChange={(event) => onChange({ everyDays: event.target.value })}
          />
        </Field>
      )}
      <Field label="Overlap, days" hint="How long the old key works beside the new one." error={faults['overlapDays']}>
        <Input
          inputMode="numeric"
          value={draft.overlapDays}
          autoComplete="off"
          onChange={(event) => onChange({ overlapDays: event.target.value })}
        />
      </Field>
    </div>
  );
}

function LifeFields({ draft, faults, onChange }: PolicyFieldsProps) {
  return (
    <div>
      <p className="mb-1 font-strong">Longest life, days</p>
      <div className="grid items-start gap-3 desk:grid-cols-4">
        {keyEnvironments.map((one) => (
          <Field key={one} label={one} error={faults[`maxLifeDays.${one}`]}>
            <Input
              inputMode="numeric"
              autoComplete="off"
              value={draft.maxLifeDays[one]}
              onChange={(event) => onChange({ maxLifeDays: { ...draft.maxLifeDays, [one]: event.target.value } })}
            />
          </Field>
        ))}
      </div>
      <p className="mt-1 text-small text-ink-3">Owners may go beyond, up to 366 d.</p>
    </div>
  );
}

function Quarantines({ draft, onChange }: PolicyFieldsProps) {
  return (
    <div role="group" aria-label="Quarantined at once when found leaked">
      <p className="font-strong">Quarantined at once when found leaked</p>
      <div className="flex flex-wrap gap-x-6">
        {keyEnvironments.map((one) => (
          <Checkbox
            key={one}
            label={one}
            checked={draft.quarantines.includes(one)}
            onChange={(event) =>
              onChange({
                quarantines: event.target.checked
                  ? [...draft.quarantines, one]
                  : draft.quarantines.filter((other) => other !== one),
              })
            }
          />
        ))}
      </div>
      <p className="text-small text-ink-3">Keys of the others are reported, and go on working.</p>
    </div>
  );
}
