import type { SloDefinition, SourceChoiceView } from '@qd/shared/slo';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { submitKey } from '../../../../lib/command-key.ts';
import { describeError } from '../../../../lib/errors.ts';
import { Button } from '../../../../ui/button.tsx';
import type { SloDraft } from '../draft/draft.ts';
import { readForPreview } from '../draft/read-draft.ts';
import { PreviewPanel } from '../preview/preview-panel.tsx';
import { usePreview } from '../preview/use-preview.ts';
import { sentence } from '../sentence.ts';
import { AboutPart } from './about-part.tsx';
import { AlertsPart } from './alerts-part.tsx';
import { BasicsPart } from './basics-part.tsx';
import { FormProvider } from './form-context.ts';
import { PolicyPart } from './policy-part.tsx';
import { TargetPart } from './target-part.tsx';
import { useSloForm } from './use-slo-form.ts';
import { WindowsPart } from './windows-part.tsx';

export interface SloFormProps {
  draft: SloDraft;
  onDraft(draft: SloDraft): void;
  platforms: readonly { id: string; name: string }[];
  sources: readonly SourceChoiceView[];
  platformFixed: boolean;
  saveLabel: string;
  /** Why there is nothing to save. */
  saveRefused?: string | undefined;
  onSave(definition: SloDefinition): Promise<void>;
  onCancel(): void;
  /** Above the buttons: what saving does, and why it is done. */
  beforeSave?: ((definition: SloDefinition | null) => ReactNode) | undefined;
  /** Above the form. */
  children?: ReactNode;
}

/** A definition as a form, with what it would have shown beside it. */
export function SloForm(props: SloFormProps) {
  const { draft, onDraft, sources, saveLabel, onSave } = props;
  const preview = usePreview(readForPreview(draft).definition);
  const said = preview.preview?.remarks ?? [];
  // An error of an older preview may be put right already: only one of this form keeps it from being saved.
  const remarks = preview.isCurrent ? said : said.filter(({ level }) => level !== 'error');
  const form = useSloForm({ draft, onDraft, sources, remarks });
  const [attempt, setAttempt] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus();
  }, [attempt]);
  const { take } = form;
  useEffect(() => {
    if (preview.error !== null) take(preview.error);
  }, [preview.error, take]);

  const save = async () => {
    if (isSaving || props.saveRefused !== undefined) return;
    form.showAll();
    setFailure(null);
    const { definition } = form.read;
    if (definition === null || remarks.some(({ level }) => level === 'error')) return setAttempt(attempt + 1);
    setSaving(true);
    try {
      await onSave(definition);
    } catch (error) {
      form.take(error);
      setFailure(error);
      setAttempt(attempt + 1);
    } finally {
      setSaving(false);
    }
    return undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void save();
  };
  return (
    <FormProvider value={form.view}>
      <div className="mt-5 grid grid-cols-[minmax(0,760px)_minmax(320px,400px)] items-start gap-10 wide:grid-cols-[minmax(0,760px)_minmax(320px,560px)] fold:gap-6 phone:grid-cols-1 phone:gap-7">
        <form
          ref={box}
          noValidate
          aria-label="Definition"
          className="grid max-w-[760px] min-w-0 gap-5"
          onKeyDown={onKeyDown}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {props.children}
          <BasicsPart platforms={props.platforms} sources={sources} platformFixed={props.platformFixed} />
          <TargetPart />
          <div>
            <WindowsPart mustOpen={form.isWrongIn('windows')} />
            <PolicyPart mustOpen={form.isWrongIn('caution', 'freeze', 'meanings')} />
            <AlertsPart mustOpen={form.isWrongIn('alerting')} preview={preview.preview} />
            <AboutPart mustOpen={form.isWrongIn('slug', 'description', 'owner', 'service', 'labels')} />
          </div>
          <div className="grid gap-3.5 border-t border-ink pt-4">
            {props.beforeSave?.(form.read.definition)}
            <Faults homeless={form.homeless} failure={failure} tried={attempt > 0} wrong={form.read.faults.length} />
            <div className="flex flex-wrap items-center justify-end gap-2">
              <Button variant="ghost" onClick={props.onCancel}>
                Cancel
              </Button>
              <Button
                type="submit"
                variant="primary"
                kbd={submitKey}
                pending={isSaving}
                disabledReason={props.saveRefused}
              >
                {saveLabel}
              </Button>
            </div>
          </div>
        </form>
        <div className="desk:sticky desk:top-[96px] desk:max-h-[calc(100dvh-112px)] desk:overflow-y-auto">
          <PreviewPanel state={preview} draft={draft} source={form.view.source} missing={missingWords(draft)} />
        </div>
      </div>
    </FormProvider>
  );
}

/** What is still missing before anything can be read from a source; null when nothing is. */
function missingWords(draft: SloDraft): string | null {
  if (draft.platform === '' || draft.sourceId === '') return 'Choose a platform and a source to see a preview.';
  const { faults } = readForPreview(draft);
  if (faults.length === 0) return null;
  const isQuery = faults.some(({ field }) => field.startsWith('indicator'));
  return isQuery ? 'Say what is counted to see a preview.' : 'Put the marked fields right to see a preview.';
}

interface FaultsProps {
  homeless: readonly { field: string; message: string }[];
  failure: unknown;
  tried: boolean;
  wrong: number;
}

/** Why it was not saved, where no field says it. */
function Faults({ homeless, failure, tried, wrong }: FaultsProps) {
  const said = failure === null ? null : describeError(failure);
  const lines = homeless.map(({ field, message }) => `${field}: ${sentence(message)}`);
  if (said !== null) lines.unshift(`${said.message} ${said.remedy}`);
  if (lines.length === 0 && tried && wrong > 0) {
    lines.push(wrong === 1 ? 'One field is to be put right.' : `${wrong} fields are to be put right.`);
  }
  if (lines.length === 0) return null;
  return (
    <div role="alert" className="font-medium text-crit">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
