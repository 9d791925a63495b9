import type { SloDefinition, SourceChoiceView } from '@qd/shared/slo';
import { Field, Input } from '../../../ui/field.tsx';
import { changeEffect, effectSentence } from './compare.ts';

export interface BeforeSaveProps {
  base: SloDefinition;
  definition: SloDefinition | null;
  sources: readonly SourceChoiceView[];
  reason: string;
  onReason(reason: string): void;
}

/** What saving does to history, and why it is done. */
export function BeforeSave({ base, definition, sources, reason, onReason }: BeforeSaveProps) {
  const source = sources.find((one) => one.id === definition?.sourceId);
  const effect = definition === null ? null : changeEffect(base, definition, source?.hasHistory ?? false);
  return (
    <>
      {effect !== null && (
        <p className={effect === 'none' ? 'text-ink-3' : 'font-medium'} aria-live="polite">
          {effectSentence(effect)}
        </p>
      )}
      <Field label="Why" aside="optional" hint="It stands beside the revision and in the audit log.">
        <Input maxLength={500} value={reason} onChange={(event) => onReason(event.target.value)} />
      </Field>
    </>
  );
}
