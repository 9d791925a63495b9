/** One of many that an act leaves out. */
export interface LeftOutRow {
  id: string;
  name: string;
  why: string;
}

/** Who is left out of an act on many, and why; nothing when nobody is. */
export function LeftOut({ rows, words }: { rows: readonly LeftOutRow[]; words(count: number): string }) {
  if (rows.length === 0) return null;
  return (
    <div className="mb-3 border-l-3 border-warn-fill bg-sunken px-2.5 py-2">
      <p className="font-semibold">{`${words(rows.length)} left out`}</p>
      <ul className="max-h-32 overflow-y-auto" tabIndex={0} aria-label="Left out">
        {rows.map((one) => (
          <li key={one.id}>
            {/* Some reasons are sentences about the one they name. */}
            {one.why.startsWith(one.name) ? one.why : `${one.name}: ${one.why}`}
          </li>
        ))}
      </ul>
    </div>
  );
}
