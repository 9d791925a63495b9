import { MIN_TEXT_LENGTH } from '@qd/shared/audit';
import { useState, type ReactNode } from 'react';
import { useSettledText } from '../../lib/settled-text.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { isFiltered, isTooShort, ranges, statuses, type FilterParam, type FilterValues } from './filters.ts';

export interface FilterBarProps {
  values: FilterValues;
  onChange(change: Partial<Record<FilterParam, string | null>>): void;
}

/** A text filter that follows the typing, and the address when that changes from outside. */
function TextFilter({ label, value, placeholder, onSettle, isPageFilter = false, asideOf }: TextFilterProps) {
  const { draft, setDraft } = useSettledText(value, onSettle);
  return (
    <Field label={label} aside={asideOf?.(draft)} className="min-w-[150px] flex-1 phone:basis-full">
      <Input
        type="search"
        value={draft}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        onChange={(event) => setDraft(event.target.value)}
        {...(isPageFilter && { 'data-page-filter': '' })}
      />
    </Field>
  );
}

interface TextFilterProps {
  label: string;
  value: string;
  placeholder: string;
  onSettle(value: string): void;
  isPageFilter?: boolean;
  /** Said at the end of the label's line while this is typed. */
  asideOf?(draft: string): ReactNode;
}

function tooShort(draft: string): ReactNode {
  return <span role="status">{isTooShort(draft) ? `${MIN_TEXT_LENGTH} letters or more` : ''}</span>;
}

const cleared = {
  text: null,
  actor: null,
  action: null,
  target: null,
  status: null,
  range: null,
  from: null,
  to: null,
};

/** The filters of the log. Every one is in the address, so that a finding can be pasted into a chat. */
export function FilterBar({ values, onChange }: FilterBarProps) {
  const isNarrowed = [values.actor, values.action, values.target, values.range].some((value) => value !== undefined);
  const [showsAll, setShowsAll] = useState(isNarrowed);
  return (
    <div role="search" className="mt-5 mb-4 flex flex-wrap items-end gap-x-3 gap-y-2.5">
      <TextFilter
        label="Text"
        value={values.text ?? ''}
        placeholder="slo, an address, a target"
        onSettle={(text) => onChange({ text })}
        isPageFilter
        asideOf={tooShort}
      />
      <div className={cx('contents', !showsAll && 'phone:hidden')}>
        <TextFilter
          label="Who"
          value={values.actor ?? ''}
          placeholder="whole address or id"
          onSettle={(actor) => onChange({ actor })}
        />
        <TextFilter
          label="Action"
          value={values.action ?? ''}
          placeholder="users, slo.changed"
          onSettle={(action) => onChange({ action })}
        />
        <TextFilter
          label="Kind of target"
          value={values.target ?? ''}
          placeholder="user, slo, import"
          onSettle={(target) => onChange({ target })}
        />
        <When values={values} onChange={onChange} />
      </div>
      <Segmented
        label="Outcome"
        value={statuses.find((status) => status.value === values.status)?.value ?? ''}
        onChange={(status) => onChange({ status })}
        options={statuses}
        className="desk:h-[34px]"
      />
      <Button
        variant="ghost"
        icon="filter"
        className="desk:hidden"
        aria-expanded={showsAll}
        onClick={() => setShowsAll(!showsAll)}
      >
        {showsAll ? 'Fewer' : 'More'}
      </Button>
      {(isFiltered(values) || isTooShort(values.text)) && (
        <Button variant="ghost" onClick={() => onChange(cleared)}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

function When({ values, onChange }: FilterBarProps) {
  return (
    <>
      <Field label="When" className="w-[150px] phone:w-full">
        <Select
          value={values.range ?? ''}
          onChange={(event) => onChange({ range: event.target.value, from: null, to: null })}
        >
          {ranges.map((range) => (
            <option key={range.value} value={range.value}>
              {range.label}
            </option>
          ))}
        </Select>
      </Field>
      {values.range === 'days' && (
        <>
          <Field label="From" className="w-[150px]">
            <Input type="date" value={values.from ?? ''} onChange={(event) => onChange({ from: event.target.value })} />
          </Field>
          <Field label="To, inclusive" className="w-[150px]">
            <Input type="date" value={values.to ?? ''} onChange={(event) => onChange({ to: event.target.value })} />
          </Field>
        </>
      )}
    </>
  );
}
