import { cx } from './class-names.ts';

const sizes = { s: 'size-5 text-[9px]', m: 'size-[26px] text-[10.5px]', l: 'size-10 text-[14px]' } as const;
const tints = ['bg-water-2', 'bg-water-3', 'bg-ok-tint', 'bg-warn-tint', 'bg-info-tint', 'bg-line-2'] as const;

/** Up to two capital letters of a name: first and last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}

export type AvatarProps = {
  name: string;
  size?: keyof typeof sizes | undefined;
  /** Square and grey: a machine account. */
  robot?: boolean | undefined;
  className?: string | undefined;
};

/** Initials in a disc. Decoration: the name must stand beside it in text. */
export function Avatar({ name, size = 'm', robot = false, className }: AvatarProps) {
  const tint = tints[[...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % tints.length] ?? tints[0];
  return (
    <span
      aria-hidden="true"
      className={cx(
        'grid flex-none place-items-center font-semibold [word-spacing:0]',
        sizes[size],
        robot ? 'rounded-2 border border-line-2 bg-sunken text-ink-3' : cx('rounded-full text-ink', tint),
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}
