import { MAX_LEAK_BYTES, type LeakReportView } from '@qd/shared/api-keys/ending';
import { type FormEvent, useRef, useState } from 'react';
import { formatBytes } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input, Textarea } from '../../../ui/field.tsx';
import { useLeakReport } from './send-report.ts';

const MIN_PLACE = 3;

/** A text or a file to be searched for keys. What was pasted is gone from the page as soon as it was searched. */
export function LeakForm({ onFound }: { onFound(report: LeakReportView): void }) {
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [place, setPlace] = useState('');
  const [since, setSince] = useState('');
  const [tried, setTried] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const { send, pending, error } = useLeakReport();
  const isTooLarge = file !== null && file.size > MAX_LEAK_BYTES;
  const faults = {
    text: text === '' && file === null ? 'Paste a text or choose a file.' : undefined,
    place: place.trim().length < MIN_PLACE ? 'Say where it was found, in at least 3 characters.' : undefined,
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (pending || isTooLarge || faults.text !== undefined || faults.place !== undefined) return;
    const leakedAt = since === '' ? null : Date.parse(`${since}Z`);
    const report = await send({ text, file, place: place.trim(), leakedAt });
    if (report === null) return;
    setText('');
    setFile(null);
    setTried(false);
    if (picker.current !== null) picker.current.value = '';
    onFound(report);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-3">
      <Field
        label="Text that may hold keys"
        hint="Logs, code, a chat, a page. It is searched and forgotten: neither stored nor logged."
        error={tried && file === null ? faults.text : undefined}
      >
        <Textarea
          rows={6}
          value={text}
          spellCheck={false}
          autoComplete="off"
          className="mono"
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Field
        label="Or a file"
        hint={file === null ? `At most ${formatBytes(MAX_LEAK_BYTES)}.` : formatBytes(file.size)}
        error={isTooLarge ? `The file is larger than ${formatBytes(MAX_LEAK_BYTES)}; split it.` : undefined}
      >
        <Input ref={picker} type="file" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
      </Field>
      <div className="grid gap-3 desk:grid-cols-[minmax(0,1fr)_minmax(240px,auto)]">
        <Field label="Where it was found" required error={tried ? faults.place : undefined}>
          <Input
            value={place}
            maxLength={300}
            autoComplete="off"
            placeholder="Ticket 4711, public repository"
            onChange={(event) => setPlace(event.target.value)}
          />
        </Field>
        <Field label="Since when, UTC" aside="if known">
          <Input type="datetime-local" value={since} onChange={(event) => setSince(event.target.value)} />
        </Field>
      </div>
      {error !== null && (
        <p role="alert" className="font-medium text-crit">
          {error}
        </p>
      )}
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Search for keys
        </Button>
      </div>
    </form>
  );
}
