import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import {
  chosenDays,
  dayName,
  monthlyWords,
  recurrenceWords,
  ruleOf,
  weekdays,
  type RecurrenceDraft,
  type Weekday,
} from './recurrence-draft.ts';

export interface RecurrenceFieldsProps {
  value: RecurrenceDraft;
  /** Local day of the first occurrence. */
  startDate: string;
  fault: string | undefined;
  onChange(value: RecurrenceDraft): void;
}

const kinds = [
  { value: 'once', label: 'Once' },
  { value: 'daily', label: 'Daily' },
  { value: 'weekly', label: 'Weekly' },
  { value: 'monthly', label: 'Monthly' },
  { value: 'rule', label: 'By rule' },
] as const;

/** How often: a few choices that build the rule, or the rule itself for those who know it. */
export function RecurrenceFields({ value, startDate, fault, onChange }: RecurrenceFieldsProps) {
  const set = (change: Partial<RecurrenceDraft>) => onChange({ ...value, ...change });
  const choose = (kind: RecurrenceDraft['kind']) =>
    set(kind === 'rule' ? { kind, rule: ruleOf(value, startDate) ?? value.rule } : { kind });
  const rule = fault === undefined ? ruleOf(value, startDate) : null;
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-[5px] text-small font-strong">How often</legend>
      <Segmented
        label="How often"
        value={value.kind}
        onChange={choose}
        options={kinds}
        className="justify-self-start"
      />
      {(value.kind === 'daily' || value.kind === 'weekly' || value.kind === 'monthly') && (
        <Built value={value} kind={value.kind} startDate={startDate} set={set} />
      )}
      {value.kind === 'rule' && (
        <Field label="Recurrence rule" hint="RFC 5545 without DTSTART: hourly at most, one minute of the hour.">
          <Input
            className="mono"
            value={value.rule}
            maxLength={500}
            spellCheck={false}
            autoComplete="off"
            placeholder="FREQ=MONTHLY;BYDAY=1SU"
            onChange={(event) => set({ rule: event.target.value })}
          />
        </Field>
      )}
      {fault !== undefined && (
        <p role="alert" className="text-small font-medium text-crit">
          {fault}
        </p>
      )}
      {rule !== null && value.kind !== 'rule' && (
        <p className="text-small text-ink-3">
          {sentence(recurrenceWords(rule, startDate))} <code className="mono">{rule}</code>
        </p>
      )}
    </fieldset>
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

interface BuiltProps {
  value: RecurrenceDraft;
  kind: 'daily' | 'weekly' | 'monthly';
  startDate: string;
  set(change: Partial<RecurrenceDraft>): void;
}

const units = { daily: 'days', weekly: 'weeks', monthly: 'months' } as const;

function Built({ value, kind, startDate, set }: BuiltProps) {
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Field label={`Every … ${units[kind]}`} className="w-[130px]">
          <Input inputMode="numeric" value={value.every} onChange={(event) => set({ every: event.target.value })} />
        </Field>
        {kind === 'monthly' && (
          <Field label="On" className="w-[190px]">
            <Select
              value={value.monthlyBy}
              onChange={(event) => set({ monthlyBy: event.target.value === 'weekday' ? 'weekday' : 'date' })}
            >
              <option value="date">{monthlyWords('date', startDate)}</option>
              <option value="weekday">{monthlyWords('weekday', startDate)}</option>
            </Select>
          </Field>
        )}
        <Field label="Last day" aside="optional" className="w-[170px]">
          <Input
            type="date"
            min={startDate}
            value={value.untilDate}
            onChange={(event) => set({ untilDate: event.target.value })}
          />
        </Field>
      </div>
      {kind === 'weekly' && <Days chosen={chosenDays(value, startDate)} onChange={(days) => set({ days })} />}
    </>
  );
}

function Days({ chosen, onChange }: { chosen: readonly Weekday[]; onChange(days: Weekday[]): void }) {
  return (
    <div role="group" aria-label="Days of the week" className="flex flex-wrap gap-x-4">
      {weekdays.map((day) => (
        <Checkbox
          key={day}
          label={<span title={dayName(day)}>{dayName(day).slice(0, 3)}</span>}
          aria-label={dayName(day)}
          checked={chosen.includes(day)}
          onChange={(event) =>
            onChange(event.target.checked ? [...chosen, day] : chosen.filter((other) => other !== day))
          }
        />
      ))}
    </div>
  );
}
