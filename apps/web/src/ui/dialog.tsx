import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, type RefObject, useRef } from 'react';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';
import { firstControlOf } from './overlay-focus.ts';

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** One sentence under the title; for something destructive it says the cost. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the confirming one last. */
  footer?: ReactNode;
  size?: 'normal' | 'wide' | undefined;
  /** Takes focus on opening; the first control when left out. */
  initialFocus?: RefObject<HTMLElement | null> | undefined;
  className?: string | undefined;
};

/** A question over the page. Traps focus, names itself, closes with Escape and gives focus back. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, children, footer, size = 'normal', initialFocus, className } = props;
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="qd-scrim" />
        <Base.Popup
          ref={popup}
          className={cx('qd-overlay qd-dialog', className)}
          data-size={size}
          initialFocus={initialFocus ?? firstControlOf(popup)}
        >
          <OverlayHead
            title={<Base.Title className="text-lead font-semibold">{title}</Base.Title>}
            close={
              <Base.Close
                className="qd-icon-button -my-1 -mr-1.5 ml-auto"
                aria-label="Close"
                render={<button type="button" />}
              >
                <Icon name="close" />
              </Base.Close>
            }
          />
          <div className="min-h-0 overflow-auto px-4 pt-0.5 pb-4" data-overlay="body">
            {description !== undefined && (
              <Base.Description className="text-ink-2" render={<div />}>
                {description}
              </Base.Description>
            )}
            {children !== undefined && <div className={description === undefined ? 'mt-1' : 'mt-3'}>{children}</div>}
          </div>
          {footer !== undefined && <OverlayFoot>{footer}</OverlayFoot>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export type OverlayHeadProps = { title: ReactNode; close: ReactNode };

/** First line of a dialog or drawer. */
export function OverlayHead({ title, close }: OverlayHeadProps) {
  return (
    <div className="flex items-start gap-3 px-4 pt-3.5 pb-1">
      {title}
      {close}
    </div>
  );
}

/** Last line of a dialog or drawer: its buttons. */
export function OverlayFoot({ children }: { children: ReactNode }) {
  return (
    <div data-overlay="foot" className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
      {children}
    </div>
  );
}
