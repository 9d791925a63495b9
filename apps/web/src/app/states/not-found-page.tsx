import { Link, useLocation } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { useTo } from '../../lib/url-state.ts';
import { buttonLook } from '../../ui/button.tsx';
import { Call, DatumLine } from '../../ui/call.tsx';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { pathname } = useLocation();
  const to = useTo();
  return (
    <>
      <Call>There is no page at this address.</Call>
      <DatumLine items={[{ key: 'path', content: <span className="mono break-all">{pathname}</span> }]} />
      <p className="mt-4 max-w-[68ch] text-ink-2">
        The link may be old or mistyped. Search finds pages, objectives and platforms by name.
      </p>
      <div className="mt-3">
        <Link to={to(paths.overview)} {...buttonLook()}>
          Go to Overview
        </Link>
      </div>
    </>
  );
}
