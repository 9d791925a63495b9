import { importColumns, MAX_IMPORT_BYTES, MAX_IMPORT_ROWS } from '@qd/shared/users';
import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { downloadText } from '../../../lib/download.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatBytes, formatCount } from '../../../lib/format.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { ProgressBar } from './progress-bar.tsx';
import { sampleFile } from './sample.ts';
import { uploadPeople } from './upload.ts';

interface Sending {
  file: File;
  sentBytes: number;
  stop(): void;
}

function useUpload(onShow: (id: string) => void) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  // Whoever leaves the page calls the upload off: its answer would be shown nowhere.
  useEffect(() => () => running.current?.abort(), []);
  const send = async (file: File) => {
    if (running.current !== null) return;
    setError(null);
    if (file.size > MAX_IMPORT_BYTES) {
      const message = `${file.name} is larger than ${MAX_IMPORT_BYTES / 1_048_576} MB; split it.`;
      setError(Object.assign(new Error(message), { data: { domainCode: 'invalid' } }));
      return;
    }
    const call = new AbortController();
    running.current = call;
    const note = (sentBytes: number) => setSending({ file, sentBytes, stop: () => call.abort() });
    note(0);
    try {
      const found = await uploadPeople(file, { signal: call.signal, onProgress: note });
      if (found === null) return;
      client.setQueryData(trpc.users.import.queryKey({ id: found.id }), found);
      onShow(found.id);
    } catch (failure) {
      setError(failure);
    } finally {
      running.current = null;
      setSending(null);
      void client.invalidateQueries(trpc.users.imports.pathFilter());
    }
  };
  return { sending, error, send };
}

/** Where a file is dropped or chosen; shows how much of it has left, and what is wrong with it as a whole. */
export function ChooseFile({ onShow }: { onShow(id: string): void }) {
  const { sending, error, send } = useUpload(onShow);
  const { list } = usePlatformNames();
  const [isOver, setIsOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const file = event.dataTransfer.files.item(0);
    if (file !== null) void send(file);
  };
  const save = () => downloadText('people-sample.csv', sampleFile(list[0]?.id ?? 'platform'), 'text/csv');
  return (
    <section aria-labelledby="import-file" className="mt-6">
      <SectionHead
        id="import-file"
        title="Check a file"
        note="CSV, UTF-8"
        actions={
          <Button size="s" icon="download" onClick={save}>
            Sample file
          </Button>
        }
      />
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={cx(
          'grid gap-3 rounded-2 border border-dashed px-4 py-5',
          isOver ? 'border-ink bg-sunken' : 'border-line-strong',
        )}
      >
        {sending === null ? (
          <>
            <div className="flex flex-wrap items-center gap-3">
              <Button variant="primary" onClick={() => input.current?.click()}>
                Choose a file
              </Button>
              <span className="text-ink-2 phone:hidden">or drop it here</span>
            </div>
            <input
              ref={input}
              type="file"
              aria-label="File of people"
              accept=".csv,.tsv,.txt,text/csv"
              className="sr-only"
              tabIndex={-1}
              onChange={(event) => {
                const file = event.target.files?.item(0);
                event.target.value = '';
                if (file) void send(file);
              }}
            />
            <p className="max-w-[68ch] text-small text-ink-2">
              Columns <span className="mono">{importColumns.join(', ')}</span> in any order; the first two are needed.
              At most {formatCount(MAX_IMPORT_ROWS)} rows and {MAX_IMPORT_BYTES / 1_048_576} MB.
            </p>
          </>
        ) : (
          <OnItsWay sending={sending} />
        )}
      </div>
      {error !== null && <Refused error={error} />}
    </section>
  );
}

function OnItsWay({ sending: { file, sentBytes, stop } }: { sending: Sending }) {
  const isSent = sentBytes >= file.size;
  return (
    <div className="grid gap-2">
      <ProgressBar label={`Sending ${file.name}`} ratio={file.size === 0 ? 1 : sentBytes / file.size} />
      <div className="flex flex-wrap items-center gap-3">
        <span role="status" className="min-w-0 flex-1 wrap-anywhere">
          {isSent
            ? `${file.name} has arrived; its rows are being checked.`
            : `${file.name}: ${formatBytes(sentBytes)} of ${formatBytes(file.size)} sent.`}
        </span>
        <Button size="s" onClick={stop}>
          Call it off
        </Button>
      </div>
    </div>
  );
}

/** What is wrong with the file as a whole. */
function Refused({ error }: { error: unknown }) {
  const { message, remedy, fields, requestId, kind } = describeError(error);
  return (
    <ErrorState
      className="mt-3"
      title="The file was not taken. Nothing has changed."
      requestId={requestId ?? undefined}
    >
      {message} {kind === 'invalid' ? 'Put it right and send the file again.' : remedy}
      {fields.length > 1 && (
        <ul className="mt-1 list-disc pl-5">
          {fields.map((fault) => (
            <li key={`${fault.field} ${fault.message}`}>
              <span className="mono">{fault.field}</span>: {fault.message}
            </li>
          ))}
        </ul>
      )}
    </ErrorState>
  );
}
