import { exclusionCategories } from '@qd/shared/slo';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { categoryWords } from './exclusion-words.ts';
import { RecurrenceFields } from './recurrence-fields.tsx';
import type { ExclusionFormState } from './use-exclusion-form.ts';
import type { PlatformChoice } from './use-places.ts';

/** For which platform, and for which of its objectives. */
export function Where({
  form,
  platforms,
  isNew,
}: {
  form: ExclusionFormState;
  platforms: readonly PlatformChoice[];
  isNew: boolean;
}) {
  const { draft, set, faults } = form;
  const slos = platforms.find((platform) => platform.id === draft.platformId)?.slos ?? [];
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <Field label="Platform" required error={faults.platformId}>
        <Select
          value={draft.platformId}
          disabled={!isNew}
          onChange={(event) => set({ platformId: event.target.value, sloId: null })}
        >
          {draft.platformId === '' && <option value="">Choose…</option>}
          {platforms.map((platform) => (
            <option key={platform.id} value={platform.id}>
              {platform.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Objective">
        <Select value={draft.sloId ?? ''} onChange={(event) => set({ sloId: event.target.value || null })}>
          <option value="">All of the platform</option>
          {slos.map((slo) => (
            <option key={slo.id} value={slo.id}>
              {slo.name}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

/** What kind of time it is, and why it does not count. */
export function What({ form: { draft, set, faults } }: { form: ExclusionFormState }) {
  return (
    <div className="grid grid-cols-[160px_minmax(0,1fr)] gap-3 phone:grid-cols-1">
      <Field label="Kind">
        <Select
          value={draft.category}
          onChange={(event) =>
            set({ category: exclusionCategories.find((one) => one === event.target.value) ?? 'other' })
          }
        >
          {exclusionCategories.map((category) => (
            <option key={category} value={category}>
              {categoryWords[category]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Reason" required error={faults.reason}>
        <Input
          value={draft.reason}
          maxLength={500}
          placeholder="Database upgrade"
          onChange={(event) => set({ reason: event.target.value })}
        />
      </Field>
    </div>
  );
}

/** From when to when, by whose clock, and how often. */
export function When({ form: { draft, set, faults } }: { form: ExclusionFormState }) {
  const isOnce = draft.recurrence.kind === 'once';
  return (
    <>
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <Field label={isOnce ? 'From' : 'First from'} required error={faults.starts}>
          <Input type="datetime-local" value={draft.starts} onChange={(event) => set({ starts: event.target.value })} />
        </Field>
        <Field label={isOnce ? 'To' : 'First to'} required error={faults.ends}>
          <Input type="datetime-local" value={draft.ends} onChange={(event) => set({ ends: event.target.value })} />
        </Field>
        <Field
          label="Time zone"
          hint="Times above are by its clock, also when that changes for summer."
          required
          error={faults.timeZone}
        >
          <Input
            value={draft.timeZone}
            list="exclusion-zones"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => set({ timeZone: event.target.value.trim() })}
          />
        </Field>
        <datalist id="exclusion-zones">
          {['UTC', ...Intl.supportedValuesOf('timeZone')].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <RecurrenceFields
        value={draft.recurrence}
        startDate={draft.starts.slice(0, 10)}
        fault={faults.recurrence}
        onChange={(recurrence) => set({ recurrence })}
      />
    </>
  );
}
