import type { CauseKey } from '@qd/shared/slo';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { cx } from '../../../../ui/class-names.ts';
import { useCause } from './use-cause.ts';

/** The name of a cause, which opens it; a press anywhere on the row around it, which is `relative`, does the same. */
export function CauseLink({ to, className, children }: { to: CauseKey; className?: string; children: ReactNode }) {
  const { toCause } = useCause();
  return (
    <Link
      {...toCause(to)}
      className={cx('underline-offset-[3px] after:absolute after:inset-0 hover:underline', className)}
    >
      {children}
    </Link>
  );
}
