import type { FieldError } from '@qd/shared/errors';
import type { LintRemark, SourceChoiceView } from '@qd/shared/slo';
import { useCallback, useMemo, useState } from 'react';
import { describeError } from '../../../../lib/errors.ts';
import type { SloDraft } from '../draft/draft.ts';
import { readDraft, type ReadDraft } from '../draft/read-draft.ts';
import { sentence } from '../sentence.ts';
import type { FormView } from './form-context.ts';
import { bareField, placeOf } from './places.ts';

export interface SloFormState {
  view: FormView;
  read: ReadDraft;
  /** Faults that no field shows: the foot of the form does. */
  homeless: readonly FieldError[];
  /** True if something in one of these parts is shown as wrong. */
  isWrongIn(...parts: readonly string[]): boolean;
  /** From now on every fault is shown. */
  showAll(): void;
  /** Takes what the server refused to the fields it named. */
  take(error: unknown): void;
}

interface Said {
  draft: SloDraft;
  onDraft(draft: SloDraft): void;
  sources: readonly SourceChoiceView[];
  /** Of the newest preview. */
  remarks: readonly LintRemark[];
}

/** The state of the form: what was typed, what it means, and what is said where. The draft itself is the caller's. */
export function useSloForm({ draft, onDraft, sources, remarks }: Said): SloFormState {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [refused, setRefused] = useState<readonly FieldError[]>([]);
  const read = useMemo(() => readDraft(draft), [draft]);
  const take = useCallback((error: unknown) => {
    const { fields } = describeError(error);
    setRefused(fields.map(({ field, message }) => ({ field: bareField(field), message })));
  }, []);
  const shown = [...read.faults.filter(({ field }) => all || left.has(field)), ...refused];
  const view: FormView = {
    draft,
    source: sources.find(({ id }) => id === draft.sourceId) ?? null,
    set: (change) => onDraft({ ...draft, ...change }),
    setAlerts: (change) => onDraft({ ...draft, alerts: { ...draft.alerts, ...change } }),
    setWindow: (key, change) =>
      onDraft({
        ...draft,
        windows: draft.windows.map((window) => (window.key === key ? { ...window, ...change } : window)),
      }),
    errorOf: (place) => errorAt(place, shown, remarks),
    remarksOf: (place) => remarks.filter(({ field, level }) => level !== 'error' && placeOf(field) === place),
    onLeft: (field) => setLeft((known) => (known.has(field) ? known : new Set([...known, field]))),
    onEdited: (field) => setRefused((faults) => faults.filter((fault) => placeOf(fault.field) !== field)),
  };
  return {
    view,
    read,
    isWrongIn: (...prefixes) =>
      [...shown, ...forbidden(remarks)].some(({ field }) => prefixes.some((prefix) => field.startsWith(prefix))),
    homeless: [...shown, ...forbidden(remarks)].filter(({ field }) => placeOf(field) === 'form'),
    showAll: () => setAll(true),
    take,
  };
}

const forbidden = (remarks: readonly LintRemark[]) => remarks.filter(({ level }) => level === 'error');

/** The first thing wrong at a place: what cannot be read, then what the server refused, then what the linter forbids. */
function errorAt(place: string, faults: readonly FieldError[], remarks: readonly LintRemark[]): string | undefined {
  const fault = faults.find(({ field }) => placeOf(field) === place);
  if (fault !== undefined) return sentence(fault.message);
  const remark = forbidden(remarks).find(({ field }) => placeOf(field) === place);
  return remark === undefined ? undefined : sentence(remark.message);
}
