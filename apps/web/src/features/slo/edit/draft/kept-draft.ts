import { emptyDraft, type SloDraft } from './draft.ts';

/** What was typed and not saved, kept as long as the tab: a reload or a wrong turn loses nothing. */
export interface KeptDraft {
  draft: SloDraft;
  /** Revision it began from; 0 for a new one. */
  revision: number;
  keptAt: number;
}

const PREFIX = 'qd-slo-draft:';

/** Reads what was kept under a name; null if nothing was, or it cannot be read any more. */
export function readKept(name: string): KeptDraft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null');
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps what was typed; null forgets it. */
export function keepDraft(name: string, kept: KeptDraft | null): void {
  try {
    if (kept === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));
  } catch {
    // Storage is switched off: the draft lives as long as the page.
  }
}

/** A draft of an older version of this page has other fields; it is dropped rather than half understood. */
function isKept(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { draft, revision, keptAt } = value as Partial<Record<keyof KeptDraft, unknown>>;
  return typeof revision === 'number' && typeof keptAt === 'number' && hasShapeOf(draft, emptyDraft('', 0));
}

function hasShapeOf(value: unknown, model: object): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const there = new Map<string, unknown>(Object.entries(value));
  return Object.entries(model).every(([key, part]) => {
    const known = there.get(key);
    if (Array.isArray(part)) return Array.isArray(known);
    return typeof part === 'object' && part !== null ? hasShapeOf(known, part) : typeof known === typeof part;
  });
}
