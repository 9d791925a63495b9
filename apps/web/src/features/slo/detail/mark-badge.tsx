import type { Mark } from '@qd/shared/slo';
import { Glyph } from '../../../ui/glyph.tsx';
import { SeverityBadge, type SeverityRank } from '../../../ui/severity-badge.tsx';

const ranks: Readonly<Record<string, SeverityRank>> = { '0': 0, '1': 1, '2': 2, '3': 3, '4': 4 };

/** What kind of event it is: severity of an incident, flag of a deploy, dash for what has no event. */
export function MarkBadge({ mark }: { mark: Mark | null }) {
  if (mark === null) return <Glyph name="dash" />;
  if (mark.kind === 'deploy') return <Glyph name="flag" title="Deploy" />;
  if (mark.kind === 'exclusion') return <Glyph name="planned" title="Excluded" />;
  if (mark.kind === 'alert') return <Glyph name={mark.severity === 'page' ? 'crit' : 'warn'} title="Alert" />;
  if (mark.severity === null) return <Glyph name="incident" title="Incident" />;
  return <SeverityBadge rank={ranks[mark.severity.slice(-1)] ?? 4} label={mark.severity} />;
}

/** Numbers of incidents are read letter by letter. */
export function isCode(label: string): boolean {
  return /^[A-Z]{2,5}-[\d-]+$/.test(label);
}
