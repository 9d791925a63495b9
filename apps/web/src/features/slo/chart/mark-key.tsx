import { Glyph } from '../../../ui/glyph.tsx';

/** What the signs in the plot mean. */
export function MarkKey({ hasExcluded, hasAlerts }: { hasExcluded: boolean; hasAlerts: boolean }) {
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-1 pt-2 text-micro text-ink-3 [font-stretch:92%]">
      <li className="inline-flex items-center gap-1.5">
        <Glyph name="incident" hollow size={11} />
        incident
      </li>
      <li className="inline-flex items-center gap-1.5">
        <Glyph name="flag" size={11} />
        deploy
      </li>
      {hasAlerts && (
        <li className="inline-flex items-center gap-1.5">
          <Glyph name="warn" size={11} />
          alert
        </li>
      )}
      <li className="inline-flex items-center gap-1.5">
        <i className="qd-zone-unknown h-2.5 w-4 border border-dashed border-stale-fill" />
        not measured, never bridged
      </li>
      {hasExcluded && (
        <li className="inline-flex items-center gap-1.5">
          <i className="qd-zone-excluded h-2.5 w-4 border-b-2 border-info" />
          excluded, does not count
        </li>
      )}
    </ul>
  );
}
