import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import type { SavedFile } from './download.ts';
import { describeError } from './errors.ts';
import { formatCount } from './format.ts';

export interface CsvButtonProps {
  /** What the file holds: `audit log`. */
  of: string;
  /** Kind of file, as it stands on the button. */
  kind?: string;
  /** Makes the file of what is shown, or fetches it. */
  save(): Promise<SavedFile> | void;
}

/** Takes a table elsewhere: every row of the present filter, as a file. Says when that failed or could not hold all. */
export function CsvButton({ of, kind = 'CSV', save }: CsvButtonProps) {
  const [pending, setPending] = useState(false);
  const [said, setSaid] = useState<{ role: 'alert' | 'status'; words: string } | null>(null);
  const press = async () => {
    setSaid(null);
    setPending(true);
    try {
      const limit = (await save())?.rowLimit;
      if (limit) {
        const words = `The file holds the newest ${formatCount(limit)} rows. Narrow the filter for older ones.`;
        setSaid({ role: 'status', words });
      }
    } catch (error) {
      const { message, remedy } = describeError(error);
      setSaid({ role: 'alert', words: `Nothing was downloaded. ${message} ${remedy}` });
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <Button
        size="s"
        icon="download"
        pending={pending}
        aria-label={`${kind}: download the ${of}`}
        onClick={() => void press()}
      >
        {kind}
      </Button>
      {said !== null && (
        <p role={said.role} className={said.role === 'alert' ? 'font-medium text-crit' : 'text-ink-2'}>
          {said.words}
        </p>
      )}
    </>
  );
}
