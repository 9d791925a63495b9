import { MAX_KEY_SEARCH_LENGTH, withoutSecrets, type KeyCounts, type KeyFilter } from '@qd/shared/api-keys';
import type { ReactNode } from 'react';
import { formatCount } from '../../../lib/format.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { Input } from '../../../ui/field.tsx';
import { KeyHints } from '../../../ui/kbd.tsx';
import { Segmented } from '../../../ui/segmented.tsx';

export interface FilterBarProps {
  show: KeyFilter;
  onShow(show: KeyFilter): void;
  text: string;
  onText(text: string | null): void;
  counts: KeyCounts['counts'] | undefined;
  /** At the right end: the acts of the page. */
  actions: ReactNode;
}

const filters = [
  { value: 'all', label: 'All' },
  { value: 'due', label: 'Due' },
  { value: 'expiring', label: 'Expiring' },
  { value: 'unused', label: 'Unused' },
  { value: 'no_consumer', label: 'No consumer' },
  { value: 'ended', label: 'Ended' },
] as const;

const hints = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['O'], does: 'rotate' },
  { keys: ['⇧', 'R'], does: 'revoke' },
];

/** Which keys are shown. Every choice is in the address. */
export function FilterBar({ show, onShow, text, onText, counts, actions }: FilterBarProps) {
  const { draft, setDraft, settle } = useSettledText(text, onText);
  return (
    <div role="search" className="my-3.5 flex flex-wrap items-center gap-x-3 gap-y-2.5">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label="Which keys are shown"
          value={show}
          onChange={onShow}
          options={filters.map(({ value, label }) => ({
            value,
            label: counts === undefined ? label : `${label} ${formatCount(counts[value])}`,
          }))}
          size="s"
        />
      </div>
      <span className="w-[180px] phone:w-full">
        <Input
          type="search"
          className="desk:h-7"
          aria-label="Name or id of a key"
          placeholder="Name or id"
          value={draft}
          autoComplete="off"
          spellCheck={false}
          maxLength={MAX_KEY_SEARCH_LENGTH}
          data-page-filter=""
          // Of a whole key only what may be shown is kept.
          onChange={(event) => setDraft(withoutSecrets(event.target.value))}
          onBlur={() => settle(draft)}
        />
      </span>
      <div className="ml-auto flex flex-wrap items-center gap-2 phone:ml-0">
        <KeyHints hints={hints} />
        {actions}
      </div>
    </div>
  );
}
