import { type ReactNode, useEffect, useEffectEvent, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';

export type SidePanelProps = {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string | undefined;
};

const overlay = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/**
 * One record beside the page it is about, which stays in use: a drawer without scrim and trap, and so without what they
 * weigh. Focus goes into it when it opens, and back when it closes; Escape closes it from the page as well.
 */
export function SidePanel({ title, onClose, children, className }: SidePanelProps) {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const inside = event.target instanceof Element ? event.target.closest(overlay) : null;
    const isOurs = inside === null || inside === panel.current;
    if (event.key === 'Escape' && !event.defaultPrevented && isOurs) onClose();
  });
  useEffect(() => {
    const opener = document.activeElement;
    const own = panel.current;
    own?.focus({ preventScroll: true });
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      const isLost = document.activeElement === document.body || own?.contains(document.activeElement) === true;
      if (isLost && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return createPortal(
    <section
      ref={panel}
      role="dialog"
      aria-labelledby={id}
      tabIndex={-1}
      className={cx('qd-overlay qd-drawer outline-none', className)}
    >
      <div className="flex items-start gap-3 px-4 pt-3.5 pb-2">
        <h2 id={id} className="min-w-0 text-title font-semibold tracking-[-0.012em] wrap-anywhere">
          {title}
        </h2>
        <button
          type="button"
          className="qd-icon-button -my-1 -mr-1.5 ml-auto phone:-my-2.5"
          aria-label="Close"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="min-h-0 flex-1 overflow-auto px-4 pt-0.5 pb-4">{children}</div>
    </section>,
    document.body,
  );
}
