import type { KeyListRow } from '@qd/shared/api-keys';
import { Link } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { rowLinkClass } from '../../../ui/link.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { requestWords, stateWords, type At } from '../list/state-words.ts';

/** The key as a real link, and what of it may be shown. */
export function NameCell({ row, kept }: { row: KeyListRow; kept: Record<string, string> }) {
  const to = useTo();
  return (
    <div className="min-w-0">
      <span className="flex min-w-0 items-center gap-2">
        <Link
          to={to(paths.key(row.id), kept)}
          preventScrollReset
          className={`${rowLinkClass} truncate`}
          title={row.name}
        >
          {row.name}
        </Link>
        {row.isLegacy && <Tag tone="warn">Legacy</Tag>}
        {row.isDemo && <Tag>Demo</Tag>}
      </span>
      <div className="mono truncate text-small text-ink-3" title={row.shown}>
        {row.shown}
      </div>
    </div>
  );
}

/** Where the key stands and what follows. */
export function StateCell({ row, at }: { row: KeyListRow; at: At }) {
  const { tone, glyph, word, second } = stateWords(row, at);
  return (
    <div className="min-w-0">
      <StatusWord tone={tone} glyph={glyph}>
        {word}
      </StatusWord>
      <div className="truncate text-small text-ink-3 phone:hidden" title={second}>
        {second}
      </div>
    </div>
  );
}

/** Calls a minute, and what is to be said beside them. */
export function RequestsCell({ row, nowMs }: { row: KeyListRow; nowMs: number }) {
  const { words, second } = requestWords(row, nowMs);
  return (
    <div className="whitespace-nowrap">
      {words}
      {second !== null && <div className="text-small text-ink-3">{second}</div>}
    </div>
  );
}
