import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { useKey } from './keys.ts';
import type { Selection } from './use-selection.ts';

export interface BulkBarAct<Act extends string> {
  act: Act;
  verb: string;
  danger: boolean;
  /** Why the reader may not; undefined where they may. */
  refusal?: string | undefined;
}

export interface BulkBarProps<Act extends string> {
  selection: Selection;
  /** `3 keys`. */
  words(count: number): string;
  /** What the key that clears the choice says: `Choose no key`. */
  none: string;
  acts: readonly BulkBarAct<Act>[];
  /** The dialog of the act asked for. */
  dialog(asked: { act: Act; ids: readonly string[]; onDone(): void; onClose(): void }): ReactNode;
}

/** What can be done to the rows chosen, all at once. */
export function BulkBar<Act extends string>({ selection, words, none, acts, dialog }: BulkBarProps<Act>) {
  const [act, setAct] = useState<Act | null>(null);
  const count = selection.ids.size;
  useKey('escape', none, selection.clear, count > 0 && act === null);
  if (count === 0) return null;
  return (
    <div
      role="region"
      aria-label="Acts on those chosen"
      className="sticky bottom-3 z-10 mt-3 flex flex-wrap items-center gap-2 rounded-3 border border-line-2 bg-raised px-3 py-2 shadow-overlay phone:bottom-[72px]"
    >
      <b role="status">{words(count)} chosen</b>
      <span className="ml-auto flex flex-wrap gap-2">
        {acts.map((one) => (
          <Button
            key={one.act}
            size="s"
            variant={one.danger ? 'danger' : 'default'}
            disabledReason={one.refusal}
            onClick={() => setAct(one.act)}
          >
            {one.verb}
          </Button>
        ))}
        <Button size="s" variant="ghost" kbd="Esc" onClick={selection.clear}>
          Clear
        </Button>
      </span>
      {act !== null && dialog({ act, ids: [...selection.ids], onDone: selection.clear, onClose: () => setAct(null) })}
    </div>
  );
}
