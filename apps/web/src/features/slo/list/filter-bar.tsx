import type { ReactNode, RefObject } from 'react';
import { useSettledText } from '../../../lib/settled-text.ts';
import { cx } from '../../../ui/class-names.ts';
import { Icon } from '../../../ui/icon.tsx';
import { KeyHints } from '../../../ui/kbd.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import type { ListShow } from './list-rows.ts';

export interface FilterBarProps {
  all: number;
  decisions: number;
  alerting: number;
  show: ListShow;
  onShow(show: ListShow): void;
  text: string;
  onText(text: string | null): void;
  searchRef: RefObject<HTMLInputElement | null>;
  /** What can be done with the list, at the right end. */
  actions?: ReactNode;
}

const hints = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['↵'], does: 'open' },
  { keys: ['/'], does: 'filter' },
];

/** What of the list is shown; all of it is in the address. */
export function FilterBar(props: FilterBarProps) {
  const { all, decisions, alerting, show, onShow, text, onText, searchRef, actions } = props;
  const { draft, settle } = useSettledText(text, (settled) => onText(settled === '' ? null : settled));
  return (
    <div className="mt-5 mb-3 flex flex-wrap items-center gap-2 phone:mt-3.5 phone:mb-2">
      <Segmented
        label="Which SLOs are shown"
        size="s"
        value={show}
        onChange={onShow}
        options={[
          { value: 'all', label: `All ${all}` },
          { value: 'decisions', label: `Needs a decision ${decisions}` },
          { value: 'alerting', label: `Alerting ${alerting}` },
        ]}
      />
      <label className={cx('relative w-52', text === '' ? 'phone:hidden' : 'phone:w-full')}>
        <span className="sr-only">Filter by name, description, platform or target</span>
        <Icon
          name="search"
          size={14}
          className="pointer-events-none absolute top-[7px] left-2 text-ink-3 phone:top-[15px]"
        />
        <input
          ref={searchRef}
          type="search"
          value={draft}
          placeholder="Filter"
          className="qd-input h-7! pl-7! text-small phone:h-11! phone:text-lead"
          onChange={(event) => settle(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            settle('');
            event.currentTarget.blur();
          }}
        />
      </label>
      <KeyHints hints={hints} className="ml-auto" />
      {actions}
    </div>
  );
}
