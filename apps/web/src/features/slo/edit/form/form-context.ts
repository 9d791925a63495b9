import type { LintRemark, SourceChoiceView } from '@qd/shared/slo';
import { createContext, useContext } from 'react';
import type { AlertsDraft, SloDraft, WindowDraft } from '../draft/draft.ts';

/** What the parts of the form share. Fields have the names the server gives them. */
export interface FormView {
  draft: SloDraft;
  /** The chosen source; null while none is, or it is not known here. */
  source: SourceChoiceView | null;
  set(change: Partial<SloDraft>): void;
  setAlerts(change: Partial<AlertsDraft>): void;
  setWindow(key: number, change: Partial<WindowDraft>): void;
  /** What is wrong with a field, once it is time to say so. */
  errorOf(field: string): string | undefined;
  /** What the linter says about a field, errors left out. */
  remarksOf(field: string): readonly LintRemark[];
  /** A field was left with something in it: its faults may be shown. */
  onLeft(field: string): void;
  /** A field is being changed: what the server said about it is old. */
  onEdited(field: string): void;
}

const FormContext = createContext<FormView | null>(null);
export const FormProvider = FormContext.Provider;

/** The form a part stands in. */
export function useForm(): FormView {
  const form = useContext(FormContext);
  if (form === null) throw new Error('This part of the form stands outside of it.');
  return form;
}
