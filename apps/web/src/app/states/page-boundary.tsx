import { Component, type ReactNode } from 'react';
import { ErrorState } from '../../ui/error-state.tsx';

interface Props {
  /** A change of it gives the page another try: the address, usually. */
  resetKey?: string;
  children: ReactNode;
}

interface State {
  error: Error | null;
}

/** True when a chunk of an older build is gone from the server: only a reload helps. */
function isMissingChunk(error: Error): boolean {
  return /dynamically imported module|module script failed|preload/i.test(error.message);
}

/** Catches what a page throws while rendering, and keeps the shell around it. React offers no other way than a class. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (isMissingChunk(error)) {
      return (
        <div className="px-gutter py-6">
          <h1 className="sr-only">This page did not load</h1>
          <ErrorState title="This page did not load." retryLabel="Reload" onRetry={() => window.location.reload()}>
            The console was updated, or cannot be reached. Your session and everything on the server are unharmed.
          </ErrorState>
        </div>
      );
    }
    return (
      <div className="px-gutter py-6">
        <h1 className="sr-only">This page failed</h1>
        <ErrorState
          title="This page failed while drawing."
          onRetry={() => this.setState({ error: null })}
          onCopyDetails={() => void navigator.clipboard.writeText(error.stack ?? error.message)}
        >
          Nothing was changed on the server, and the other pages still work. The details say where it failed.
        </ErrorState>
      </div>
    );
  }
}
