import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

/** What a trigger must spread to have a tooltip. */
export type TooltipTriggerProps = {
  'aria-describedby': string | undefined;
  onPointerEnter: (event: PointerEvent<HTMLElement>) => void;
  onPointerLeave: () => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
  onBlur: () => void;
};

export type TooltipProps = {
  /** Nothing to say when left out: the trigger stays, so that it keeps focus when a reason comes and goes. */
  content?: ReactNode;
  /** Draws the trigger; it must spread the props it gets. */
  children: (trigger: TooltipTriggerProps) => ReactNode;
};

type OwnHandlers = {
  onPointerEnter?: ((event: PointerEvent<HTMLButtonElement>) => void) | undefined;
  onPointerLeave?: ((event: PointerEvent<HTMLButtonElement>) => void) | undefined;
  onFocus?: ((event: FocusEvent<HTMLButtonElement>) => void) | undefined;
  onBlur?: ((event: FocusEvent<HTMLButtonElement>) => void) | undefined;
};

/** The tooltip's handlers together with those the button already has, a menu's for instance. */
export function withOwnHandlers(trigger: TooltipTriggerProps, own: OwnHandlers) {
  return {
    onPointerEnter: (event: PointerEvent<HTMLButtonElement>) => {
      own.onPointerEnter?.(event);
      trigger.onPointerEnter(event);
    },
    onPointerLeave: (event: PointerEvent<HTMLButtonElement>) => {
      own.onPointerLeave?.(event);
      trigger.onPointerLeave();
    },
    onFocus: (event: FocusEvent<HTMLButtonElement>) => {
      own.onFocus?.(event);
      trigger.onFocus(event);
    },
    onBlur: (event: FocusEvent<HTMLButtonElement>) => {
      own.onBlur?.(event);
      trigger.onBlur();
    },
  };
}

const OPEN_AFTER_MS = 300;
const CLOSE_AFTER_MS = 120;
const GAP_PX = 6;

/** Above its trigger if there is room, else below; never past the edges of the window. */
function placeTip(tip: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const above = box.top - tip.offsetHeight - GAP_PX;
  const left = box.left + box.width / 2 - tip.offsetWidth / 2;
  tip.style.top = `${above > GAP_PX ? above : box.bottom + GAP_PX}px`;
  tip.style.left = `${Math.max(GAP_PX, Math.min(left, window.innerWidth - tip.offsetWidth - GAP_PX))}px`;
}

/** A description that shows on hover and on focus, can be hovered itself and goes away with Escape. */
export function Tooltip({ content, children }: TooltipProps) {
  const id = useId();
  const tip = useRef<HTMLSpanElement>(null);
  const anchor = useRef<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [open, setOpen] = useState(false);
  const hasContent = content !== undefined;

  const change = (next: boolean, afterMs: number) => {
    clearTimeout(timer.current);
    if (next && !hasContent) return;
    timer.current = setTimeout(() => setOpen(next), afterMs);
  };

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    const element = tip.current;
    if (!open || element === null || anchor.current === null) return undefined;
    // The top layer keeps the tip above dialogs and outside scroll boxes; older engines fall back to z-index.
    element.showPopover?.();
    placeTip(element, anchor.current);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      if (element.isConnected) element.hidePopover?.();
    };
  }, [open]);

  return (
    <>
      {children({
        'aria-describedby': hasContent ? id : undefined,
        onPointerEnter: (event) => {
          anchor.current = event.currentTarget;
          change(true, OPEN_AFTER_MS);
        },
        onPointerLeave: () => change(false, CLOSE_AFTER_MS),
        onFocus: (event) => {
          anchor.current = event.currentTarget;
          if (event.currentTarget.matches(':focus-visible')) change(true, 0);
        },
        onBlur: () => change(false, 0),
      })}
      {hasContent && (
        <span
          ref={tip}
          id={id}
          role="tooltip"
          popover="manual"
          className="qd-tip"
          data-open={open ? '' : undefined}
          onPointerEnter={() => change(true, 0)}
          onPointerLeave={() => change(false, CLOSE_AFTER_MS)}
        >
          {content}
        </span>
      )}
    </>
  );
}
