import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, type RefObject, useRef } from 'react';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';
import { firstControlOf } from './overlay-focus.ts';

export type OverlayProps = {
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

type FrameProps = Omit<OverlayProps, 'open' | 'onOpenChange'> & {
  /** False leaves the page behind it in sight and in use. */
  scrim: boolean;
  titleClass: string;
};

/** What dialog and drawer share: the title and the way out, a body that scrolls, the buttons under it. */
export function OverlayFrame(props: FrameProps) {
  const { title, description, children, footer, size = 'normal', initialFocus, className, scrim, titleClass } = props;
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Portal>
      {scrim && <Base.Backdrop className="qd-scrim" />}
      <Base.Popup
        ref={popup}
        className={cx('qd-overlay', className)}
        data-size={size}
        initialFocus={initialFocus ?? firstControlOf(popup)}
      >
        <div className="flex items-start gap-3 px-4 pt-3.5 pb-1">
          <Base.Title className={cx('min-w-0 font-semibold wrap-anywhere', titleClass)}>{title}</Base.Title>
          <Base.Close
            className="qd-icon-button -my-1 -mr-1.5 ml-auto phone:-my-2.5"
            aria-label="Close"
            render={<button type="button" />}
          >
            <Icon name="close" />
          </Base.Close>
        </div>
        <div className="min-h-0 flex-1 overflow-auto px-4 pt-0.5 pb-4" data-overlay="body">
          {description !== undefined && (
            <Base.Description className="text-ink-2" render={<div />}>
              {description}
            </Base.Description>
          )}
          {children !== undefined && <div className={description === undefined ? 'mt-1' : 'mt-3'}>{children}</div>}
        </div>
        {footer !== undefined && (
          <div
            data-overlay="foot"
            className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3"
          >
            {footer}
          </div>
        )}
      </Base.Popup>
    </Base.Portal>
  );
}
