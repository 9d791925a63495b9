import { describeError } from '../../lib/errors.ts';
import { Button } from '../../ui/button.tsx';

/** Why the last try did not work; nothing for none. */
export function FormFailure({ error }: { error: unknown }) {
  if (error === null) return null;
  const { message, remedy } = describeError(error);
  return (
    <p role="alert" className="font-medium text-crit">
      {message} {remedy}
    </p>
  );
}

export interface SaveFootProps {
  /** Id of the form it sends. */
  form: string;
  label: string;
  pending: boolean;
  onCancel(): void;
}

/** Foot of a dialog that holds a form. */
export function SaveFoot({ form, label, pending, onCancel }: SaveFootProps) {
  return (
    <>
      <Button variant="ghost" kbd="Esc" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" form={form} variant="primary" pending={pending}>
        {label}
      </Button>
    </>
  );
}

/** The last line of a form in the panel. */
export function SaveLine({ label, pending, onUndo }: { label: string; pending: boolean; onUndo(): void }) {
  return (
    <div className="flex gap-2">
      <Button type="submit" variant="primary" size="s" pending={pending}>
        {label}
      </Button>
      <Button size="s" variant="ghost" onClick={onUndo}>
        Undo
      </Button>
    </div>
  );
}
