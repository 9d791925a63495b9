import { Dialog as Base } from '@base-ui/react/dialog';
import { cx } from './class-names.ts';
import { OverlayFrame, type OverlayProps } from './overlay-frame.tsx';

export type DrawerProps = OverlayProps & {
  /** Keep the page usable beside the drawer: no scrim, focus is not trapped. */
  modal?: boolean | undefined;
};

/** One record at the right edge, over the page it belongs to; the whole screen on the phone. */
export function Drawer({ open, onOpenChange, modal = true, className, ...rest }: DrawerProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)} modal={modal} disablePointerDismissal={!modal}>
      <OverlayFrame
        {...rest}
        scrim={modal}
        titleClass="text-title tracking-[-0.012em]"
        className={cx('qd-drawer', className)}
      />
    </Base.Root>
  );
}
