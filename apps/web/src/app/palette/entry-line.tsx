import { Command } from 'cmdk';
import { sloLook } from '../../lib/slo-words.ts';
import { cx } from '../../ui/class-names.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import type { Tone } from '../../ui/tone.ts';
import { printKeys } from '../shell/print-keys.ts';
import type { ShownEntry } from './entries.ts';
import { cut } from './rank.ts';

const glyphs: Record<Tone, GlyphName> = {
  ok: 'ok',
  warn: 'warn',
  crit: 'crit',
  info: 'half',
  stale: 'unknown',
  none: 'dash',
};

/** One result: what fits is underlined, keys that do the same stand at the end. */
export function EntryLine({ entry, isCurrent, onRun }: { entry: ShownEntry; isCurrent: boolean; onRun(): void }) {
  const look = entry.slo && sloLook(entry.slo);
  return (
    <Command.Item
      value={entry.id}
      onSelect={onRun}
      className={cx(
        'flex min-h-[34px] cursor-pointer items-center gap-3 rounded-2 px-2.5 phone:min-h-11',
        isCurrent && 'bg-overprint-tint shadow-[inset_3px_0_0_var(--qd-overprint-line)]',
      )}
    >
      <span className="grid w-4 flex-none place-items-center text-ink-2">
        {look ? (
          <Glyph name={glyphs[look.tone]} title={look.word} />
        ) : (
          <Icon name={entry.icon ?? 'chevron-right'} size={14} />
        )}
      </span>
      <span className="min-w-0 truncate">
        <span className="font-medium">
          {cut(entry.label, entry.spans).map((part, index) =>
            part.isMatch ? (
              <mark
                key={index}
                className="bg-transparent text-inherit underline decoration-overprint-line decoration-2 underline-offset-[3px]"
              >
                {part.text}
              </mark>
            ) : (
              part.text
            ),
          )}
        </span>
        {entry.note !== '' && <span className="text-ink-3"> {entry.note}</span>}
      </span>
      <span aria-hidden="true" className="ml-auto flex flex-none gap-1 phone:hidden">
        {entry.keys !== undefined && printKeys(entry.keys).map((key) => <Kbd key={key}>{key}</Kbd>)}
        {isCurrent && <Kbd>↵</Kbd>}
      </span>
    </Command.Item>
  );
}
