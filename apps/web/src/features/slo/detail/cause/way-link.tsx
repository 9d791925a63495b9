import { Link } from 'react-router';
import { useTo } from '../../../../lib/url-state.ts';
import { linkClass } from '../../../../ui/link.tsx';
import { useCause } from './use-cause.ts';
import type { WayOn } from './ways-on.ts';

/** One way on. What lies on another site opens beside the console, and learns nothing of it. */
export function WayLink({ way, label }: { way: WayOn; label?: string }) {
  const to = useTo();
  const { close } = useCause();
  switch (way.kind) {
    case 'site':
      return (
        <a href={way.href} target="_blank" rel="noopener noreferrer" className={linkClass}>
          {way.words}
          <span className="sr-only"> (opens another site)</span>
        </a>
      );
    case 'page':
      return (
        <Link to={to(way.path, way.params)} aria-label={label} className={linkClass}>
          {way.words}
        </Link>
      );
    case 'place':
      return (
        <button
          type="button"
          className={linkClass}
          onClick={() => {
            goTo(way.id);
            close();
          }}
        >
          {way.words}
        </button>
      );
  }
}

/** Takes the reader to a heading of the page, the focus too: what held it is about to close. */
function goTo(id: string): void {
  const heading = document.getElementById(id);
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}
