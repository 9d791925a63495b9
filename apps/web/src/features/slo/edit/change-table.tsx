import { cx } from '../../../ui/class-names.ts';
import type { DefinitionChange } from './compare.ts';

export interface ChangeTableProps {
  caption: string;
  /** Heads of the columns of values: `Revision 3`, `Theirs`. */
  heads: readonly string[];
  rows: readonly { key: string; label: string; isCode: boolean; values: readonly (string | null)[] }[];
}

/** Lines of a definition side by side. On a phone the values stand under each other. */
export function ChangeTable({ caption, heads, rows }: ChangeTableProps) {
  return (
    <table className="qd-table phone:[&_:is(tr,td,th)]:block phone:[&_thead]:sr-only!">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" className="static! bg-transparent! w-[24%] pl-0!">
            What
          </th>
          {heads.map((head) => (
            <th key={head} scope="col" className="static! bg-transparent!">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="align-top">
            <th scope="row" className="pl-0! align-top! font-medium phone:border-0! phone:pb-0!">
              {row.label}
            </th>
            {row.values.map((value, i) => (
              <td
                key={heads[i]}
                className={cx(
                  'align-top! wrap-anywhere whitespace-pre-wrap phone:pl-0!',
                  i < row.values.length - 1 && 'phone:border-0! phone:pb-0!',
                  row.isCode && value !== null && 'mono',
                  value === null && 'text-ink-3',
                )}
              >
                <span className="hidden font-sans text-small text-ink-3 phone:block">{heads[i]}</span>
                {value ?? 'not there'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Changes as rows with the value before and after. */
export function changeRows(changes: readonly DefinitionChange[]): ChangeTableProps['rows'] {
  return changes.map(({ before, after, ...line }) => ({ ...line, values: [before, after] }));
}
