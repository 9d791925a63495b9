import { useEffect, useState } from 'react';
import { serverNow } from '../../../../lib/clock.ts';
import { isSame } from '../compare.ts';
import type { SloDraft } from './draft.ts';
import { keepDraft, readKept } from './kept-draft.ts';

export interface DraftState {
  draft: SloDraft;
  setDraft(draft: SloDraft): void;
  /** True if it differs from what it began with. */
  isChanged: boolean;
  /** When the draft that was found here again was typed; null if it began afresh. */
  foundAt: number | null;
  /** Back to what it began with. */
  discard(): void;
  /** It is saved: nothing is left to keep. */
  forget(): void;
  /** Leaves another draft for the form that is opened next, on another revision. */
  moveTo(draft: SloDraft, revision: number): void;
}

/** A draft that survives reload and navigation as long as the tab. One kept for another revision is old and dropped. */
export function useDraft(name: string, initial: SloDraft, revision: number): DraftState {
  const [found] = useState(() => {
    const kept = readKept(name);
    return kept?.revision === revision ? kept : null;
  });
  const [draft, setDraft] = useState(found?.draft ?? initial);
  const [foundAt, setFoundAt] = useState(found?.keptAt ?? null);
  const [isOver, setIsOver] = useState(false);
  const isChanged = !isSame(draft, initial);
  useEffect(() => {
    if (!isOver) keepDraft(name, isChanged ? { draft, revision, keptAt: serverNow() } : null);
  }, [name, draft, revision, isChanged, isOver]);
  return {
    draft,
    setDraft,
    isChanged,
    foundAt: isChanged ? foundAt : null,
    discard: () => {
      setDraft(initial);
      setFoundAt(null);
    },
    forget: () => {
      keepDraft(name, null);
      setIsOver(true);
    },
    moveTo: (next, to) => {
      keepDraft(name, { draft: next, revision: to, keptAt: serverNow() });
      setIsOver(true);
    },
  };
}
