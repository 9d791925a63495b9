import type { SloPreview } from '@qd/shared/slo';
import { formatDay, formatPercent, formatShare } from '../../../../lib/format.ts';
import type { Moment } from '../../moment.ts';

/** The same by the day, as figures. */
export function PreviewTable({ preview, now }: { preview: SloPreview; now: Moment }) {
  const byDay = new Map<string, number>();
  preview.at.forEach((at, i) => byDay.set(formatDay(at - 1, now.zone, now.nowMs), i));
  const rows = [...byDay].reverse();
  return (
    <div className="max-h-[300px] overflow-auto" tabIndex={0} role="group" aria-label="The preview as a table">
      <table className="qd-table" data-density="compact">
        <caption className="sr-only">Budget left at the end of each day of the preview</caption>
        <thead>
          <tr>
            <th scope="col" className="static! bg-transparent!">
              Day
            </th>
            <th scope="col" data-align="right" className="static! bg-transparent!">
              Left
            </th>
            <th scope="col" data-align="right" className="static! bg-transparent!">
              Bad, last hour
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([day, i]) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td data-align="right">{ratioText(preview.leftRatio[i], formatPercent)}</td>
              <td data-align="right">{ratioText(preview.badRatio[i], formatShare)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ratioText(ratio: number | null | undefined, format: (ratio: number) => string): string {
  return ratio == null ? 'not measured' : format(ratio);
}
