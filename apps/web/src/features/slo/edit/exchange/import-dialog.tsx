import type { ImportReport } from '@qd/shared/slo';
import { useState } from 'react';
import { describeError } from '../../../../lib/errors.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { useExchangeMutations } from '../../use-slo-mutations.ts';
import { useFormSources } from '../use-form-sources.ts';
import { isWorthImporting, textRefusal } from './exchange-words.ts';
import { type ImportTarget, TargetFields, TextField } from './import-fields.tsx';
import { ImportReportView } from './import-report.tsx';

export interface ImportDialogProps {
  platform: string | null;
  onClose(): void;
}

/** Takes OpenSLO documents over: they are inspected first, then stored all together or not at all. */
export function ImportDialog({ platform, onClose }: ImportDialogProps) {
  const { inspect, take } = useExchangeMutations();
  const { sources = [], platforms = [] } = useFormSources();
  const [text, setText] = useState('');
  const [target, setTarget] = useState<ImportTarget>({ platform: platform ?? '', sourceId: '' });
  const [report, setReport] = useState<ImportReport | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const error = take.error ?? inspect.error;
  const failure = error === null ? null : describeError(error);
  const change = (next: string) => {
    setText(next);
    setReport(null);
    setRefusal(null);
    inspect.reset();
    take.reset();
  };
  const retarget = (next: ImportTarget) => {
    setTarget(next);
    setReport(null);
  };
  const input = () => ({
    text,
    ...(target.platform !== '' && { platform: target.platform }),
    ...(target.sourceId !== '' && { sourceId: target.sourceId }),
  });
  const look = () => {
    const why = textRefusal(text);
    setRefusal(why);
    take.reset();
    if (why === null) inspect.mutate(input(), { onSuccess: setReport });
  };
  const store = () => take.mutate(input(), { onSuccess: setReport });
  const isDone = report?.isStored === true;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="wide"
      title="Import SLOs"
      description="OpenSLO v1 documents as YAML or JSON. They are inspected first; all of them are taken, or none."
      footer={
        isDone ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button variant={report === null ? 'primary' : 'default'} pending={inspect.isPending} onClick={look}>
              Inspect
            </Button>
            {report !== null && (
              <Button
                variant="primary"
                pending={take.isPending}
                disabledReason={isWorthImporting(report) ? undefined : 'There is nothing to take over.'}
                onClick={store}
              >
                Import SLOs
              </Button>
            )}
          </>
        )
      }
    >
      <div className="grid gap-3.5">
        {!isDone && (
          <>
            <TextField text={text} refusal={refusal} onText={change} onRefused={setRefusal} />
            <TargetFields target={target} onTarget={retarget} platforms={platforms} sources={sources} />
          </>
        )}
        {failure !== null && (
          <p role="alert" className="font-medium text-crit">
            {failure.message} {failure.remedy}
          </p>
        )}
        {report !== null && <ImportReportView report={report} />}
      </div>
    </Dialog>
  );
}
