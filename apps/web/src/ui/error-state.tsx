import { type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Glyph } from './glyph.tsx';
import { StateBlock } from './state-block.tsx';

export type ErrorStateProps = {
  /** What failed: "The burn rate table did not load." */
  title: ReactNode;
  /** Why, what still works, and what to do. */
  children?: ReactNode;
  onRetry?: (() => void) | undefined;
  retryLabel?: string | undefined;
  retryKbd?: string | undefined;
  retrying?: boolean | undefined;
  /** Copies the technical details, the request id among them. */
  onCopyDetails?: (() => void) | undefined;
  requestId?: string | undefined;
  className?: string | undefined;
};

/** What failed, what still works, what to do, and the id to quote. */
export function ErrorState(props: ErrorStateProps) {
  const {
    title,
    children,
    onRetry,
    retryLabel = 'Try again',
    retryKbd,
    retrying,
    onCopyDetails,
    requestId,
    className,
  } = props;
  const hasActions = onRetry !== undefined || onCopyDetails !== undefined || requestId !== undefined;
  return (
    <StateBlock
      mark={<Glyph name="crit" />}
      tone="crit"
      role="alert"
      title={title}
      className={className}
      actions={
        hasActions ? (
          <>
            {onRetry !== undefined && (
              <Button size="s" icon="refresh" kbd={retryKbd} pending={retrying} onClick={onRetry}>
                {retryLabel}
              </Button>
            )}
            {onCopyDetails !== undefined && (
              <Button size="s" variant="ghost" onClick={onCopyDetails}>
                Copy details
              </Button>
            )}
            {requestId !== undefined && <span className="mono text-ink-2">req {requestId}</span>}
          </>
        ) : undefined
      }
    >
      {children}
    </StateBlock>
  );
}
