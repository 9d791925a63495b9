import { Dialog as Base } from '@base-ui/react/dialog';
import { useRef } from 'react';
import { cx } from './class-names.ts';
import { type DialogProps, OverlayFoot, OverlayHead } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { firstControlOf } from './overlay-focus.ts';

export type DrawerProps = DialogProps & {
  /** Keep the page usable beside the drawer: no scrim, focus is not trapped. */
  modal?: boolean | undefined;
};

/** One record at the right edge, over the page it belongs to; the whole screen on the phone. */
export function Drawer(props: DrawerProps) {
  const {
    open,
    onOpenChange,
    title,
    description,
    children,
    footer,
    size = 'normal',
    initialFocus,
    modal = true,
  } = props;
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)} modal={modal} disablePointerDismissal={!modal}>
      <Base.Portal>
        {modal && <Base.Backdrop className="qd-scrim" />}
        <Base.Popup
          ref={popup}
          className={cx('qd-overlay qd-drawer', props.className)}
          data-size={size}
          initialFocus={initialFocus ?? firstControlOf(popup)}
        >
          <OverlayHead
            title={<Base.Title className="text-title font-semibold tracking-[-0.012em]">{title}</Base.Title>}
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
          <div className="min-h-0 flex-1 overflow-auto px-4 pt-0.5 pb-4" data-overlay="body">
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
