import { Link } from 'react-router';
import { useNow } from '../../lib/clock.ts';
import { formatDateTime } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTo } from '../../lib/url-state.ts';
import { Banner } from '../../ui/banner.tsx';
import { buttonLook } from '../../ui/button.tsx';

/** A role asks for a second factor and grace still runs: until when, and the way to set one up. */
export function EnrolBanner({ enrolBy }: { enrolBy: number }) {
  const now = useNow(60_000);
  const { zone } = useTimeZone();
  const to = useTo();
  return (
    <Banner
      tone="warn"
      title={`Set up a second factor by ${formatDateTime(enrolBy, zone, now)}. Your role asks for one.`}
      actions={
        <Link to={to(paths.account)} {...buttonLook({ size: 's' })}>
          Set one up
        </Link>
      }
    >
      Until then everything works as before; afterwards nothing else does.
    </Banner>
  );
}
