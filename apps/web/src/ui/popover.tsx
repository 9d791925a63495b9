import { type ReactNode, type ToggleEvent, useEffect, useId, useRef, useState } from 'react';
import { cx } from './class-names.ts';

/** What the button that opens the sheet must spread. */
export type PopoverTriggerProps = { popoverTarget: string; 'aria-haspopup': 'dialog'; 'aria-expanded': boolean };

export type PopoverProps = {
  /** Draws the button; it must spread the props it gets. */
  trigger: (props: PopoverTriggerProps) => ReactNode;
  title: string;
  children: ReactNode;
  /** Edge of the button the sheet is flush with. */
  align?: 'start' | 'end' | undefined;
  className?: string | undefined;
};

const GAP_PX = 6;
const EDGE_PX = 12;

/** Below its button if there is room, else above; never past the edges of the window. */
function placeSheet(sheet: HTMLElement, align: 'start' | 'end'): void {
  const buttons = [...document.querySelectorAll('[popovertarget]')];
  const anchor = buttons.find((button) => button.getAttribute('popovertarget') === sheet.id);
  if (anchor === undefined) return;
  const box = anchor.getBoundingClientRect();
  const below = box.bottom + GAP_PX;
  const fits = below + sheet.offsetHeight + EDGE_PX <= window.innerHeight;
  const top = fits ? below : Math.max(EDGE_PX, box.top - GAP_PX - sheet.offsetHeight);
  const wanted = align === 'start' ? box.left : box.right - sheet.offsetWidth;
  const left = Math.max(EDGE_PX, Math.min(wanted, window.innerWidth - sheet.offsetWidth - EDGE_PX));
  Object.assign(sheet.style, { top: `${top}px`, left: `${left}px`, visibility: 'visible' });
}

/**
 * A small sheet beside its button: how a figure was computed, what a policy says. The browser's own popover: it stands
 * in the top layer, goes away with Escape and with a press outside, and gives focus back to its button.
 */
export function Popover({ trigger, title, children, align = 'start', className }: PopoverProps) {
  const id = useId();
  const sheet = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const element = sheet.current;
    if (!open || element === null) return undefined;
    const place = () => placeSheet(element, align);
    place();
    element.focus({ preventScroll: true });
    window.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
    };
  }, [open, align]);

  return (
    <>
      {trigger({ popoverTarget: id, 'aria-haspopup': 'dialog', 'aria-expanded': open })}
      <div
        ref={sheet}
        id={id}
        popover="auto"
        role="dialog"
        aria-labelledby={`${id}-title`}
        tabIndex={-1}
        className={cx('qd-overlay qd-pop invisible fixed inset-auto m-0 px-4 py-3 text-left text-ink', className)}
        onToggle={(event: ToggleEvent<HTMLDivElement>) => setOpen(event.newState === 'open')}
      >
        <p id={`${id}-title`} className="text-body font-semibold">
          {title}
        </p>
        <div className="mt-1 text-ink-2">{children}</div>
      </div>
    </>
  );
}
