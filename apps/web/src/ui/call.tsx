import { Fragment, type ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import { toneText, type Tone } from './tone.ts';

export type CallProps = { children: ReactNode; id?: string | undefined; className?: string | undefined };

/** The one sentence that answers the page's question; the only h1. */
export function Call({ children, id, className }: CallProps) {
  return (
    <h1
      id={id}
      className={cx(
        'max-w-[44em] text-call font-call tracking-[-0.018em] text-balance wrap-anywhere [word-spacing:.06em]',
        className,
      )}
    >
      {children}
    </h1>
  );
}

export type CallPartProps = { tone: Tone; children: ReactNode };

/** The clause of the call that carries the state. */
export function CallPart({ tone, children }: CallPartProps) {
  return <em className={cx('not-italic', toneText[tone])}>{children}</em>;
}

export type DatumItem = { key: string; content: ReactNode; glyph?: GlyphName | undefined };

export type DatumLineProps = { items: readonly DatumItem[]; className?: string | undefined };

/** Where the figures come from and how old they are. Wrap an instant in <b> to make it stand out. */
export function DatumLine({ items, className }: DatumLineProps) {
  return (
    <div
      className={cx(
        'mt-2 flex flex-wrap items-center gap-x-3.5 gap-y-0.5 text-small text-ink-3 [&_b]:font-strong [&_b]:text-ink-2',
        className,
      )}
    >
      {items.map((item) => (
        <Fragment key={item.key}>
          <span className="inline-flex items-center gap-1.5">
            {item.glyph !== undefined && <Glyph name={item.glyph} />}
            <span>{item.content}</span>
          </span>
        </Fragment>
      ))}
    </div>
  );
}
