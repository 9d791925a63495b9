/** One thing that saving changes: what it was, and what it becomes. What is only taken away or only added names one of them. */
export interface Change {
  what: string;
  before?: string;
  after?: string;
  /** What follows from it; a warning where calls would be refused. */
  note?: string;
  isWarning?: boolean;
}

/** What saving changes, line by line. Nothing while nothing is changed. */
export function ChangeList({ title, changes }: { title: string; changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <div role="status" className="border-l-3 border-overprint-line bg-sunken px-2.5 py-2">
      <p className="font-semibold">{title}</p>
      <ul className="mt-1">
        {changes.map(({ what, before, after, note, isWarning }) => (
          <li key={`${what} ${before ?? ''} ${after ?? ''}`} className="wrap-anywhere">
            {what}: {before !== undefined && <del className="text-ink-3">{before}</del>}{' '}
            {after !== undefined && <ins className="font-medium no-underline">{after}</ins>}
            {note !== undefined && (
              <span className={`text-small ${isWarning === true ? 'font-medium text-warn' : 'text-ink-3'}`}>
                {' '}
                {note}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
