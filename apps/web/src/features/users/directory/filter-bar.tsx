import { userStates, type DirectoryCounts } from '@qd/shared/users';
import { type ReactNode, useState } from 'react';
import { formatCount } from '../../../lib/format.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { usePlatformScope } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { Input, Select } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useRoleChoices } from '../use-role-choices.ts';
import {
  isNarrowed,
  noFilters,
  seenRanges,
  segmentOf,
  stateWords,
  type DirectoryParam,
  type DirectoryValues,
} from './filters.ts';

export interface FilterBarProps {
  values: DirectoryValues;
  counts: DirectoryCounts | undefined;
  onChange(change: Partial<Record<DirectoryParam, string | null>>): void;
  /** At the right end: the acts of the page. */
  actions: ReactNode;
  /** The keys of the list. */
  hints: ReactNode;
}

/** Which people are shown. Every choice is in the address. */
export function FilterBar({ values, counts, onChange, actions, hints }: FilterBarProps) {
  const [showsAll, setShowsAll] = useState(values.role !== undefined || values.state !== undefined);
  const { draft, setDraft, settle } = useSettledText(values.text ?? '', (text) => onChange({ text }));
  const said = (count: number | undefined) => (count === undefined ? '' : ` ${formatCount(count)}`);
  return (
    <div role="search" className="mb-3 grid gap-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2.5">
        <Segmented
          label="Which people are shown"
          value={segmentOf(values)}
          onChange={(show) =>
            onChange({ show: show === 'people' ? null : show, ...(show === 'invited' && { state: null }) })
          }
          options={[
            { value: 'people', label: `People${said(counts?.people)}` },
            { value: 'look', label: `Needs a look${said(counts?.attention)}` },
            { value: 'invited', label: `Invited${said(counts?.byState.invited)}` },
          ]}
          size="s"
        />
        <span className="w-[220px] phone:w-full">
          <Input
            type="search"
            className="desk:h-7"
            aria-label="Name, email or role"
            placeholder="Name, email or role"
            value={draft}
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            data-page-filter=""
            onChange={(event) => setDraft(event.target.value)}
            // A filter that settles after somebody was opened would close them again.
            onBlur={() => settle(draft)}
          />
        </span>
        <div className="ml-auto flex flex-wrap items-center gap-2 phone:ml-0">{actions}</div>
      </div>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-2.5">
        <Choices values={values} onChange={onChange} className={cx('contents', !showsAll && 'phone:hidden')} />
        <Button
          variant="ghost"
          icon="filter"
          className="desk:hidden"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Fewer filters' : 'Filters'}
        </Button>
        {isNarrowed(values) && (
          <Button variant="ghost" size="s" onClick={() => onChange(noFilters)}>
            Clear filters
          </Button>
        )}
        {hints}
      </div>
    </div>
  );
}

type ChoicesProps = Pick<FilterBarProps, 'values' | 'onChange'> & { className: string };

function Choices({ values, onChange, className }: ChoicesProps) {
  const roles = useRoleChoices();
  const { list: platforms } = usePlatformNames();
  const [platform, setPlatform] = usePlatformScope();
  return (
    <div className={className}>
      <Choice label="Role" any="Any role" value={values.role} onChange={(role) => onChange({ role })} options={roles} />
      <Choice
        label="Platform"
        any="Any platform"
        value={platform ?? undefined}
        onChange={setPlatform}
        options={platforms.map(({ id, name }) => ({ id, title: name }))}
      />
      {segmentOf(values) !== 'invited' && (
        <Choice
          label="State"
          any="Any state"
          value={values.state}
          onChange={(state) => onChange({ state })}
          options={userStates.map((state) => ({ id: state, title: stateWords[state] }))}
        />
      )}
      <Choice
        label="Last seen"
        any="Seen any time"
        value={values.seen}
        onChange={(seen) => onChange({ seen })}
        options={seenRanges.slice(1).map(({ value, label }) => ({ id: value, title: label }))}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  /** The choice of nothing: it says what is chosen here, the label stands nowhere else. */
  any: string;
  value: string | undefined;
  onChange(value: string | null): void;
  options: readonly { id: string; title: string }[];
}

function Choice({ label, any, value, onChange, options }: ChoiceProps) {
  return (
    <span className="w-[138px] phone:w-full">
      <Select
        className="desk:h-7"
        aria-label={label}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.title}
          </option>
        ))}
      </Select>
    </span>
  );
}
