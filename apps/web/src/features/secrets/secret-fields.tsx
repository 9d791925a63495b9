import { MAX_EVERY_DAYS, secretCadences, type SecretCadence } from '@qd/shared/secrets';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import type { DraftFaults, SecretDraft } from './draft.ts';

export interface SecretFieldsProps {
  draft: SecretDraft;
  faults: DraftFaults;
  /** Platforms to choose from, for a new entry; null where the platform stands. */
  platforms: readonly { id: string; name: string }[] | null;
  /** Name of the person who answers for it and is not the reader, or null. */
  keptOwner: string | null;
  zoneLabel: string;
  onChange(change: Partial<SecretDraft>): void;
}

const words: Record<SecretCadence, string> = {
  days: 'After a number of days',
  quarterly: 'Each quarter',
  yearly: 'Each year',
  manual: 'When its owner decides',
};

/** What the register says of a secret. */
export function SecretFields(props: SecretFieldsProps) {
  const { draft, faults, platforms, onChange } = props;
  return (
    <>
      {platforms !== null && (
        <Field label="Platform" required error={faults['platform']}>
          <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value })}>
            {draft.platform === '' && <option value="">Choose a platform</option>}
            {platforms.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field label="Name" hint="As the platform calls it, e.g. POSTGRES_PASSWORD." required error={faults['name']}>
        <Input
          value={draft.name}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field label="What it opens" error={faults['description']}>
        <Textarea
          rows={2}
          value={draft.description}
          onChange={(event) => onChange({ description: event.target.value })}
        />
      </Field>
      <Owner {...props} />
      <Cadence {...props} />
      <Field label="How it is rotated" error={faults['procedure']}>
        <Textarea rows={3} value={draft.procedure} onChange={(event) => onChange({ procedure: event.target.value })} />
      </Field>
      <Field label="Link to the procedure" hint="Begins with https://" error={faults['procedureUrl']}>
        <Input
          type="url"
          value={draft.procedureUrl}
          onChange={(event) => onChange({ procedureUrl: event.target.value })}
        />
      </Field>
    </>
  );
}

function Owner({ draft, faults, keptOwner, onChange }: SecretFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <Field label="Who answers for it" error={faults['ownerId']}>
        <Select
          value={draft.owner}
          onChange={(event) => {
            const { value } = event.target;
            onChange({ owner: value === 'me' ? 'me' : value === 'kept' ? 'kept' : 'other' });
          }}
        >
          <option value="me">Me</option>
          {keptOwner !== null && <option value="kept">{keptOwner}</option>}
          <option value="other">Somebody else</option>
        </Select>
      </Field>
      {draft.owner === 'other' && (
        <Field label="Name of that person or team" error={faults['ownerName']}>
          <Input
            value={draft.ownerName}
            autoComplete="off"
            onChange={(event) => onChange({ ownerName: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}

function Cadence({ draft, faults, platforms, zoneLabel, onChange }: SecretFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <Field label="Due" error={faults['cadence']}>
        <Select
          value={draft.cadence}
          onChange={(event) =>
            onChange({ cadence: secretCadences.find((one) => one === event.target.value) ?? 'manual' })
          }
        >
          {secretCadences.map((cadence) => (
            <option key={cadence} value={cadence}>
              {words[cadence]}
            </option>
          ))}
        </Select>
      </Field>
      {draft.cadence === 'days' && (
        <Field label="Days between rotations" required error={faults['everyDays']}>
          <Input
            type="number"
            min={1}
            max={MAX_EVERY_DAYS}
            value={draft.everyDays}
            onChange={(event) => onChange({ everyDays: event.target.value })}
          />
        </Field>
      )}
      {platforms !== null && (
        <Field
          label="Last rotated"
          hint={`By ${zoneLabel}. Leave empty where it is not known.`}
          error={faults['lastRotatedAt']}
        >
          <Input
            type="datetime-local"
            value={draft.lastRotated}
            onChange={(event) => onChange({ lastRotated: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}
