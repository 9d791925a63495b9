import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useKey, useSingleKeys } from '../../lib/keys.ts';
import { paths } from '../../lib/paths.ts';
import { useStableOrder } from '../../lib/stable-order.ts';
import { useTo } from '../../lib/url-state.ts';
import { buttonLook } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { linkClass } from '../../ui/link.tsx';
import { SectionHead } from '../../ui/section-head.tsx';
import { moveCursor } from '../../ui/table-cursor.ts';
import { toneText } from '../../ui/tone.ts';
import type { Need } from './need.ts';

/** Keys 1 to 9 act on as many. */
const MOST = 9;
const glyphs: Record<Need['tone'], GlyphName> = { crit: 'crit', warn: 'warn', stale: 'unknown' };

function noteOf(count: number, pending: boolean): string | undefined {
  if (count === 0) return undefined;
  return pending ? `${count}, a new order waits` : `${count}, most urgent first`;
}

/** What asks for a person, most urgent first; keys 1 to 9 open, J and K move. */
export function NeedsList({ needs }: { needs: readonly Need[] }) {
  const to = useTo();
  const navigate = useNavigate();
  const [cursor, setCursor] = useState<string | null>(null);
  const [singleKeys] = useSingleKeys();
  const { rows, pending, hold } = useStableOrder(needs, (need) => need.key);
  const shown = rows.slice(0, MOST);
  const keys = shown.map((need) => need.key);
  const open = (need: Need | undefined) => need && void navigate(to(need.href, need.params));
  const atCursor = shown.find((need) => need.key === cursor);

  useKey('j', 'Move down', () => setCursor(moveCursor(keys, cursor, 'next')), shown.length > 0);
  useKey('k', 'Move up', () => setCursor(moveCursor(keys, cursor, 'previous')), shown.length > 0);
  useKey('enter', 'Open the row', () => open(atCursor), atCursor !== undefined);

  return (
    <section aria-labelledby="needs-you" className="desk:col-span-7 fold:col-span-12">
      <SectionHead id="needs-you" title="Needs you" note={noteOf(needs.length, pending)} />
      {needs.length === 0 ? (
        <p className="border-t border-ink py-3 text-ink-2">Nothing asks for a decision now.</p>
      ) : (
        <ol className="border-t border-ink" {...hold}>
          {shown.map((need, index) => (
            <NeedRow key={need.key} need={need} index={index} isCursor={need.key === cursor} />
          ))}
        </ol>
      )}
      {shown.map((need, index) => (
        <NeedKey key={need.key} index={index} label={need.title} onPress={() => open(need)} enabled={singleKeys} />
      ))}
      {rows.length > MOST && <More rows={rows.slice(MOST)} />}
    </section>
  );
}

/** How many are not shown, and the lists that have them. */
function More({ rows }: { rows: readonly Need[] }) {
  const to = useTo();
  const ofKeys = rows.filter((need) => need.href.startsWith(paths.keys)).length;
  const lists = [
    { path: paths.slos, name: 'the list of SLOs', count: rows.length - ofKeys },
    { path: paths.keys, name: 'the list of keys', count: ofKeys },
  ].filter(({ count }) => count > 0);
  return (
    <p className="flex flex-wrap gap-x-4 py-2.5 pl-2.5">
      {lists.map(({ path, name, count }) => (
        <Link key={path} to={to(path)} className={linkClass}>
          {count} more in {name}
        </Link>
      ))}
    </p>
  );
}

interface NeedKeyProps {
  index: number;
  label: string;
  onPress(): void;
  enabled: boolean;
}

function NeedKey({ index, label, onPress, enabled }: NeedKeyProps) {
  useKey(String(index + 1), label, onPress, enabled);
  return null;
}

function NeedRow({ need, index, isCursor }: { need: Need; index: number; isCursor: boolean }) {
  const to = useTo();
  return (
    <li
      data-row
      aria-current={isCursor || undefined}
      className={cx(
        'grid grid-cols-[20px_minmax(0,1fr)_84px_116px] items-center gap-x-3 gap-y-1 border-b border-line py-2.5 pr-2 pl-2.5',
        'phone:grid-cols-[20px_minmax(0,1fr)_auto] phone:items-start phone:gap-x-2.5 phone:gap-y-0.5',
        isCursor && 'bg-overprint-tint shadow-[inset_3px_0_0_var(--qd-overprint-line)]',
      )}
    >
      <Glyph name={glyphs[need.tone]} className="mt-1 self-start" />
      <div className="min-w-0 phone:contents">
        <div className="font-semibold phone:col-start-2 phone:row-start-1">{need.title}</div>
        <div className="text-ink-2 phone:col-span-2 phone:col-start-2 phone:row-start-2">{need.detail}</div>
      </div>
      <span
        className={cx(
          'text-right whitespace-nowrap phone:col-start-3 phone:row-start-1',
          need.tone === 'stale' ? 'text-ink-2' : toneText[need.tone],
        )}
      >
        {need.figure}
      </span>
      <Link
        to={to(need.href, need.params)}
        {...buttonLook({
          size: 's',
          className: 'justify-self-end phone:col-start-2 phone:row-start-3 phone:mt-1 phone:justify-self-start',
        })}
      >
        {need.action}
        <span className="sr-only">: {need.title}</span>
        <span aria-hidden="true" className="contents">
          <Kbd>{index + 1}</Kbd>
        </span>
      </Link>
    </li>
  );
}
