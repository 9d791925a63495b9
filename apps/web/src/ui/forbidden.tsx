import { type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { StateBlock } from './state-block.tsx';

export type ForbiddenProps = {
  /** "Support cannot revoke keys." */
  title: ReactNode;
  /** Who can, and who of them is on now. */
  children?: ReactNode;
  /** One next step: whom to ask. */
  actions?: ReactNode;
  className?: string | undefined;
};

/** Not allowed here: who is, and how to ask them. */
export function Forbidden({ title, children, actions, className }: ForbiddenProps) {
  return (
    <StateBlock mark={<Icon name="lock" />} title={title} actions={actions} className={className}>
      {children}
    </StateBlock>
  );
}
