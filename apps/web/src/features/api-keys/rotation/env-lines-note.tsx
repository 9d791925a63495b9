import type { EnvLines } from '@qd/shared/api-keys';

const words: readonly (readonly [keyof EnvLines, string])[] = [
  ['before', 'Before'],
  ['overlap', 'While both work'],
  ['after', 'After the old key has ended'],
];

/** The lines of a settings file at each step; `isShort` leaves out the one that stands there already. */
export function EnvLinesNote({ lines, isShort = false }: { lines: EnvLines; isShort?: boolean }) {
  return (
    <details>
      <summary className="text-small font-strong">For platforms that read API_KEYS from a file</summary>
      <dl className="mt-1.5 grid gap-2">
        {words
          .filter(([step]) => !isShort || step !== 'before')
          .map(([step, word]) => (
            <div key={step}>
              <dt className="text-small text-ink-3">{word}</dt>
              <dd className="mono rounded-2 bg-sunken px-3 py-2 text-[12px] leading-[18px] wrap-anywhere select-all">
                {lines[step]}
              </dd>
            </div>
          ))}
      </dl>
      <p className="mt-1.5 text-small text-ink-3">
        Other keys in the line stay where they are. The platform reads the file when it starts: restart it after each
        step.
      </p>
    </details>
  );
}
