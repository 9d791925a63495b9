import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { useState, type KeyboardEvent } from 'react';
import { useHref, useLocation, useNavigate, type To } from 'react-router';
import { useNow } from '../../lib/clock.ts';
import { commandKey } from '../../lib/command-key.ts';
import { formatClock } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useReach } from '../../lib/reach.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { Icon } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useScopeName } from '../shell/platform-switcher.tsx';
import { Answer, answerText } from './answer.tsx';
import { search, type Entry, type ShownEntry } from './entries.ts';
import { EntryLine } from './entry-line.tsx';
import { useEntries } from './use-entries.ts';

const mod = commandKey === '⌘K' ? '⌘' : 'Ctrl';

/** Find, ask, act: pages, budgets with their answer, platforms and actions behind one field. */
export function Palette({ onClose }: { onClose(): void }) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="qd-scrim" />
        <Dialog.Popup className="qd-overlay qd-dialog overflow-hidden !w-[min(660px,calc(100vw-32px))] phone:!top-0 phone:!bottom-auto phone:!w-screen">
          <Dialog.Title className="sr-only">Search or run a command</Dialog.Title>
          <Finder onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Goes where an entry leads, or does what it says; in a new tab when asked to and possible. */
function useRun(onClose: () => void): (entry: Entry, inNewTab: boolean) => void {
  const to = useTo();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const base = useHref('/');
  return (entry, inNewTab) => {
    onClose();
    if (entry.href === undefined) return entry.run?.();
    const target: To = to(entry.href.pathname === '' ? pathname : entry.href.pathname, entry.href.params);
    if (!inNewTab) return void navigate(target);
    const { pathname: path = base, search: query = '' } = target as Partial<{ pathname: string; search: string }>;
    window.open(`${path}${query}`, '_blank', 'noopener');
  };
}

function Finder({ onClose }: { onClose(): void }) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState('');
  const [copied, setCopied] = useState(false);
  const now = useNow(1_000);
  const { zone } = useTimeZone();
  const entries = useEntries();
  const run = useRun(onClose);
  const found = search(query, entries);
  const flat = found.flatMap((group) => group.entries);
  const current = flat.find((entry) => entry.id === active) ?? flat[0];
  const asked = query.trim() === '' ? undefined : (current?.slo ?? flat.find((entry) => entry.slo)?.slo);

  function copy(): void {
    if (!asked) return;
    const address = `${window.location.origin}${paths.slo(asked.id)}`;
    void navigator.clipboard.writeText(`${answerText(asked, zone, now)} ${address}`).then(() => setCopied(true));
  }
  function onKeyDown(event: KeyboardEvent): void {
    const withModifier = event.metaKey || event.ctrlKey;
    if (event.key === 'Enter' && withModifier && current) {
      event.preventDefault();
      run(current, true);
    }
    if (event.key === 'c' && withModifier && asked && window.getSelection()?.toString() === '') {
      event.preventDefault();
      copy();
    }
  }

  return (
    <Command
      label="Search or run a command"
      shouldFilter={false}
      loop
      value={current?.id ?? ''}
      onValueChange={setActive}
      onKeyDown={onKeyDown}
      className="flex min-h-0 flex-col"
    >
      <Field
        query={query}
        onQuery={(next) => {
          setQuery(next);
          setActive('');
          setCopied(false);
        }}
      />
      <OfflineLine />
      {asked && (
        <Answer
          slo={asked}
          zone={zone}
          now={now}
          copyKey={mod === '⌘' ? '⌘C' : 'Ctrl C'}
          copied={copied}
          onCopy={copy}
        />
      )}
      <Command.List label="Results" className="min-h-0 flex-1 overflow-auto px-1.5 pt-1 pb-2">
        {found.map(({ group, entries: shown }) => (
          <Command.Group
            key={group}
            heading={group}
            className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:text-ink-3"
          >
            {shown.map((entry) => (
              <EntryLine
                key={entry.id}
                entry={entry}
                isCurrent={entry.id === current?.id}
                onRun={() => run(entry, false)}
              />
            ))}
          </Command.Group>
        ))}
        {flat.length === 0 && <NoMatch query={query} onRun={run} />}
      </Command.List>
      <Foot count={flat.length} />
    </Command>
  );
}

function Field({ query, onQuery }: { query: string; onQuery(query: string): void }) {
  const scopeName = useScopeName();
  return (
    <div className="flex h-[52px] flex-none items-center gap-3 border-b border-line px-4">
      <Icon name="search" className="text-ink-2" />
      <Command.Input
        autoFocus
        value={query}
        onValueChange={onQuery}
        placeholder="Page, objective, platform or action"
        className="min-w-0 flex-1 bg-transparent text-[18px] caret-overprint-line outline-none placeholder:text-ink-3"
      />
      <Tag className="phone:hidden">{scopeName}</Tag>
      <Dialog.Close className="grid min-h-6 place-items-center phone:min-h-11 phone:min-w-11">
        <Kbd>Esc</Kbd>
        <span className="sr-only">, close</span>
      </Dialog.Close>
    </div>
  );
}

function OfflineLine() {
  const { lostSince, lastAnswerAt } = useReach();
  const { zone } = useTimeZone();
  if (lostSince === null && navigator.onLine) return null;
  const at = lastAnswerAt === null ? 'before' : formatClock(lastAnswerAt, zone, { seconds: true, withZone: true });
  return (
    <p role="status" className="border-b border-line bg-stale-tint px-4 py-2 text-small">
      The console cannot be reached. Names and figures are from {at}.
    </p>
  );
}

function NoMatch({ query, onRun }: { query: string; onRun(entry: Entry, inNewTab: boolean): void }) {
  const can = useCan();
  const text = query.trim();
  const entry: ShownEntry = {
    id: 'audit search',
    group: 'Go to',
    label: `Search the audit log for “${text}”`,
    note: '',
    keywords: '',
    icon: 'audit',
    spans: [],
    href: { pathname: paths.audit, params: { text } },
  };
  return (
    <>
      <p className="px-2.5 py-3 text-ink-2" role="status">
        Nothing is named like “{text}”. Pages, objectives, platforms and actions are found by the words in their names.
      </p>
      {can('audit:read') && <EntryLine entry={entry} isCurrent onRun={() => onRun(entry, false)} />}
    </>
  );
}

function Foot({ count }: { count: number }) {
  return (
    <div className="flex flex-none items-center gap-4 border-t border-line bg-sunken px-4 py-2 text-small text-ink-3 phone:hidden">
      <span className="inline-flex items-center gap-1">
        <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
      </span>
      <span className="inline-flex items-center gap-1">
        <Kbd>↵</Kbd> open
      </span>
      <span className="inline-flex items-center gap-1">
        <Kbd>{mod}</Kbd> <Kbd>↵</Kbd> new tab
      </span>
      <span className="ml-auto">{count === 1 ? '1 result' : `${count} results`}</span>
    </div>
  );
}
