import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

export interface BoxSize {
  width: number;
  height: number;
}

/** What is drawn where nothing can be measured. */
const UNMEASURED: BoxSize = { width: 640, height: 348 };

/** Size of an element in px, kept up to date; known before the first paint, so that nothing jumps. */
export function useBoxSize<E extends HTMLElement>(): [RefObject<E | null>, BoxSize | null] {
  const ref = useRef<E>(null);
  const [size, setSize] = useState<BoxSize | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = () => {
      const { clientWidth, clientHeight } = element;
      const next = clientWidth === 0 ? UNMEASURED : { width: clientWidth, height: clientHeight };
      setSize((known) => (known?.width === next.width && known.height === next.height ? known : next));
    };
    measure();
    if (typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
