import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { cx } from './class-names.ts';

export type SegmentedOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  disabled?: boolean | undefined;
  className?: string | undefined;
};

export type SegmentedProps<Value extends string> = {
  /** What is chosen here, for those who do not see it. */
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly SegmentedOption<Value>[];
  size?: 'm' | 's' | undefined;
  className?: string | undefined;
};

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One of a few, all in sight. One tab stop; arrows, Home and End move and choose. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { label, value, onChange, options, size = 'm', className } = props;
  const group = useRef<HTMLDivElement>(null);
  const enabled = options.filter((option) => option.disabled !== true);

  const choose = (next: SegmentedOption<Value> | undefined) => {
    if (next === undefined) return;
    onChange(next.value);
    group.current?.querySelectorAll('button').item(options.indexOf(next))?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const here = enabled.findIndex((option) => option.value === value);
    const step = steps[event.key];
    if (step !== undefined) choose(enabled[(here + step + enabled.length) % enabled.length]);
    else if (event.key === 'Home') choose(enabled[0]);
    else if (event.key === 'End') choose(enabled.at(-1));
    else return;
    event.preventDefault();
  };
  const stop = enabled.some((option) => option.value === value) ? value : enabled[0]?.value;
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      data-size={size}
      className={cx('qd-segmented', className)}
      onKeyDown={onKeyDown}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === stop ? 0 : -1}
          disabled={option.disabled}
          className={cx('qd-segment', option.className)}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
