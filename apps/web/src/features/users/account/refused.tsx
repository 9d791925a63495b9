import { refusalWords } from './refusal-words.ts';

/** Why an act was not done, beside its button; nothing while there is no refusal. */
export function Refused({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p role="alert" className="font-medium text-crit">
      {refusalWords(error)}
    </p>
  );
}
