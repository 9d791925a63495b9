import type { MatrixCell } from '@qd/shared/roles';
import type { ReactNode } from 'react';

/** What a mark says, for those who do not see it and in the key. */
export const cellWords: Readonly<Record<MatrixCell, string>> = {
  allowed: 'allowed',
  own_platform: 'own platform only',
  second_approver: 'with a second approver',
  none: 'not allowed',
};

const shapes: Readonly<Record<MatrixCell, ReactNode>> = {
  allowed: <circle cx="6" cy="6" r="4.4" fill="currentColor" />,
  own_platform: (
    <>
      <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 2.1a3.9 3.9 0 0 1 0 7.8Z" fill="currentColor" />
    </>
  ),
  second_approver: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <circle cx="6" cy="6" r="1.7" fill="currentColor" />
    </>
  ),
  none: <path d="M4 6h4" stroke="var(--qd-ink-3)" strokeWidth="1.3" />,
};

/** One cell of the matrix: a shape, and its words for readers. */
export function MatrixMark({ cell }: { cell: MatrixCell }) {
  return (
    <>
      <Shape cell={cell} />
      <span className="sr-only">{cellWords[cell]}</span>
    </>
  );
}

function Shape({ cell }: { cell: MatrixCell }) {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false" className="inline-block">
      {shapes[cell]}
    </svg>
  );
}

/** The key of the marks. */
export function MatrixKey() {
  const cells = Object.keys(cellWords) as MatrixCell[];
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-small text-ink-2">
      {cells.map((cell) => (
        <li key={cell} className="inline-flex items-center gap-1.5">
          <Shape cell={cell} />
          {cellWords[cell]}
        </li>
      ))}
    </ul>
  );
}
