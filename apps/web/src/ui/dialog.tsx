import { Dialog as Base } from '@base-ui/react/dialog';
import { cx } from './class-names.ts';
import { OverlayFrame, type OverlayProps } from './overlay-frame.tsx';

/** A question over the page. Traps focus, names itself, closes with Escape and gives focus back. */
export function Dialog({ open, onOpenChange, className, ...rest }: OverlayProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <OverlayFrame {...rest} scrim titleClass="text-lead" className={cx('qd-dialog', className)} />
    </Base.Root>
  );
}
