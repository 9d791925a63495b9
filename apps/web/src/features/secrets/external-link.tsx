import { linkClass } from '../../ui/link.tsx';

/** A link out of the console, shown as where it leads. */
export function ExternalLink({ href }: { href: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" className={`${linkClass} break-all`}>
      {href}
    </a>
  );
}
