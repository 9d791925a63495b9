import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { Glyph, type GlyphName } from './glyph.tsx';

export type ToastMessage = {
  /** What changed: "Tomasz Lind is now commander." Never an error, which belongs where it happened. */
  message: ReactNode;
  /** Second half in a lighter voice: "Logged at 14:47:41." */
  detail?: ReactNode;
  glyph?: GlyphName | undefined;
  /** The way back, offered for 10 s. */
  undo?: (() => void) | undefined;
  /** Another step: "View". */
  action?: { label: string; run: () => void } | undefined;
};

export type Toasts = {
  show: (toast: ToastMessage) => void;
  /** Takes back the newest change that can be; false when there is none. For the key Z. */
  undoLast: () => boolean;
};

const SHOWN_MS = 10_000;
const MOST = 3;

const ToastContext = createContext<Toasts | null>(null);

/** The way to say that something is done. Needs a ToastProvider above. */
export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (toasts === null) throw new Error('useToasts needs a ToastProvider above it.');
  return toasts;
}

type Shown = ToastMessage & { id: number };

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const current = useRef(shown);
  const count = useRef(0);
  const change = useCallback((next: readonly Shown[]) => {
    current.current = next;
    setShown(next);
  }, []);
  const close = useCallback((id: number) => change(current.current.filter((toast) => toast.id !== id)), [change]);
  const toasts = useMemo<Toasts>(
    () => ({
      show: (toast) => {
        count.current += 1;
        change([...current.current, { ...toast, id: count.current }].slice(-MOST));
      },
      undoLast: () => {
        const last = current.current.findLast((toast) => toast.undo !== undefined);
        if (last === undefined) return false;
        close(last.id);
        last.undo?.();
        return true;
      },
    }),
    [change, close],
  );
  const newestUndo = shown.findLast((toast) => toast.undo !== undefined)?.id;
  return (
    <ToastContext value={toasts}>
      {children}
      <div className="qd-toasts" role="status" aria-live="polite">
        {shown.map((toast) => (
          <ToastLine key={toast.id} toast={toast} onClose={close} hasKey={toast.id === newestUndo} />
        ))}
      </div>
    </ToastContext>
  );
}

type ToastLineProps = { toast: Shown; onClose: (id: number) => void; hasKey: boolean };

function ToastLine({ toast, onClose, hasKey }: ToastLineProps) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onClose(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, onClose, toast.id]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) };
  const after = (run: () => void) => () => {
    onClose(toast.id);
    run();
  };
  return (
    <div className="qd-overlay qd-toast" {...hold} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <Glyph name={toast.glyph ?? 'ok'} />
      <span className="min-w-0 flex-1">
        <b>{toast.message}</b> {toast.detail}
      </span>
      {toast.action !== undefined && (
        <Button size="s" variant="ghost" onClick={after(toast.action.run)}>
          {toast.action.label}
        </Button>
      )}
      {toast.undo !== undefined && (
        <Button size="s" variant="ghost" kbd={hasKey ? 'Z' : undefined} onClick={after(toast.undo)}>
          Undo
        </Button>
      )}
    </div>
  );
}
