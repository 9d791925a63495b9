import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../../lib/clock.ts';
import { downloadText, fileDay } from '../../../../lib/download.ts';
import { useTRPC } from '../../../../lib/trpc.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { Field, Textarea } from '../../../../ui/field.tsx';
import { Segmented } from '../../../../ui/segmented.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { useToasts } from '../../../../ui/toast.tsx';
import { QueryTrouble } from '../../slo-query-trouble.tsx';

export interface ExportDialogProps {
  platform: string | null;
  /** The objectives that are shown now; left out where all of them are. */
  ids?: readonly string[] | undefined;
  onClose(): void;
}

const types = { yaml: 'application/yaml', json: 'application/json' } as const;

/** Writes objectives out as OpenSLO documents: to read, copy or download. */
export function ExportDialog({ platform, ids, onClose }: ExportDialogProps) {
  const trpc = useTRPC();
  const toasts = useToasts();
  const [format, setFormat] = useState<'yaml' | 'json'>('yaml');
  const [scope, setScope] = useState<'shown' | 'all'>(ids === undefined ? 'all' : 'shown');
  const input = {
    format,
    ...(platform !== null && { platform }),
    ...(scope === 'shown' && ids !== undefined && { ids: [...ids] }),
  };
  const written = useQuery(trpc.slo.exchange.export.queryOptions(input, { staleTime: 0, gcTime: 0 }));
  const text = written.data?.text ?? '';
  const count = written.data?.count ?? 0;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toasts.show({ message: 'The documents are copied.' });
  };
  const nothing =
    written.data === undefined ? 'Still reading.' : count === 0 ? 'There is no SLO to export.' : undefined;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="wide"
      title="Export SLOs"
      description="OpenSLO v1 documents. What OpenSLO has no word for is kept in annotations, so an import elsewhere gives the same SLOs."
      footer={
        <>
          <Button icon="copy" disabledReason={nothing} onClick={() => void copy()}>
            Copy
          </Button>
          <Button
            variant="primary"
            icon="download"
            disabledReason={nothing}
            onClick={() =>
              downloadText(`slos-${platform ?? 'all'}-${fileDay(serverNow())}.${format}`, text, types[format])
            }
          >
            Download
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <div className="flex flex-wrap gap-2">
          <Segmented
            label="Format"
            size="s"
            value={format}
            onChange={setFormat}
            options={[
              { value: 'yaml', label: 'YAML' },
              { value: 'json', label: 'JSON' },
            ]}
          />
          {ids !== undefined && (
            <Segmented
              label="Which SLOs"
              size="s"
              value={scope}
              onChange={setScope}
              options={[
                { value: 'shown', label: `The ${ids.length} shown` },
                { value: 'all', label: platform === null ? 'All' : 'All of the platform' },
              ]}
            />
          )}
        </div>
        {written.error !== null ? (
          <QueryTrouble
            what="The export"
            error={written.error}
            retrying={written.isFetching}
            onRetry={() => void written.refetch()}
          />
        ) : written.data === undefined ? (
          <Skeleton height="240px" />
        ) : (
          <Field label={count === 1 ? '1 SLO' : `${count} SLOs`}>
            <Textarea className="mono h-[240px]" readOnly spellCheck={false} value={text} />
          </Field>
        )}
      </div>
    </Dialog>
  );
}
