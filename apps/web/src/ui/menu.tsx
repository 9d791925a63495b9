import { Menu as Base } from '@base-ui/react/menu';
import { type ReactElement, type ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export type MenuProps = {
  /** The button that opens it, e.g. <IconButton> or <Button>; it gets the menu's attributes. */
  trigger: ReactElement;
  children: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right' | undefined;
  align?: 'start' | 'center' | 'end' | undefined;
};

/** Actions behind one button. Arrows, type-ahead, Escape and focus return are built in. */
export function Menu({ trigger, children, side = 'bottom', align = 'end' }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="qd-positioner" side={side} align={align} sideOffset={4} collisionPadding={8}>
          <Base.Popup className="qd-overlay qd-pop qd-menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export type MenuItemProps = {
  onSelect: () => void;
  icon?: IconName | undefined;
  kbd?: string | undefined;
  tone?: 'plain' | 'danger' | undefined;
  /** Why it is not possible now; the item stays readable and does nothing. */
  disabledReason?: string | undefined;
  children: ReactNode;
};

export function MenuItem({ onSelect, icon, kbd, tone = 'plain', disabledReason, children }: MenuItemProps) {
  return (
    <Base.Item className="qd-menu-item" data-tone={tone} disabled={disabledReason !== undefined} onClick={onSelect}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      <span className="min-w-0 flex-1">
        {children}
        {disabledReason !== undefined && <span className="block text-small">{disabledReason}</span>}
      </span>
      {kbd !== undefined && (
        <span aria-hidden="true" className="ml-auto flex">
          <Kbd>{kbd}</Kbd>
        </span>
      )}
    </Base.Item>
  );
}

/** A line between two groups of actions. */
export function MenuSeparator() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
