import type { ApprovalNotice } from '@qd/shared/approvals';
import { Link } from 'react-router';
import { Glyph } from '../ui/glyph.tsx';
import { linkClass } from '../ui/link.tsx';
import { formatWhen } from './format.ts';
import { paths } from './paths.ts';
import { useTimeZone } from './time-zone.ts';
import { useTo } from './url-state.ts';

/** Nothing is done yet: somebody else has to agree first. */
export function ApprovalNote({ approval, now }: { approval: ApprovalNotice; now: number }) {
  const to = useTo();
  const { zone } = useTimeZone();
  const next =
    approval.coolsOffAt === null
      ? `Somebody else has to approve it until ${formatWhen(approval.expiresAt, zone, now)}.`
      : `Nobody else could approve it; you can carry it out ${formatWhen(approval.coolsOffAt, zone, now)}.`;
  return (
    <p role="status" className="mt-2 flex items-start gap-2 border-l-3 border-info-fill bg-sunken px-2.5 py-2">
      <Glyph name="half" className="mt-1" />
      <span>
        <b>Nothing has changed yet.</b> {next}{' '}
        <Link to={to(paths.approvals)} className={linkClass}>
          Open approvals
        </Link>
      </span>
    </p>
  );
}
