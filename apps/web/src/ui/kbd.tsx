import { type ReactNode } from 'react';
import { cx } from './class-names.ts';

export type KbdProps = { children: ReactNode; className?: string | undefined };

/** One key, as printed on it. */
export function Kbd({ children, className }: KbdProps) {
  return <kbd className={cx('qd-kbd', className)}>{children}</kbd>;
}

export type KeyHint = { keys: readonly string[]; does: string };

export type KeyHintsProps = { hints: readonly KeyHint[]; className?: string | undefined };

/** The keys that work on this list, beside its filters. Not shown on the phone, which has no keyboard. */
export function KeyHints({ hints, className }: KeyHintsProps) {
  return (
    <span
      className={cx('inline-flex items-center gap-3 text-micro whitespace-nowrap text-ink-3 phone:hidden', className)}
    >
      {hints.map((hint) => (
        <span key={hint.does} className="inline-flex items-center gap-1">
          {hint.keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
          {hint.does}
        </span>
      ))}
    </span>
  );
}
