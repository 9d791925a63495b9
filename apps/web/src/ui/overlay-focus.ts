import { type RefObject } from 'react';

const CONTROLS = 'input,select,textarea,button,a[href],[tabindex="0"]';
const POSSIBLE = ':not(:disabled,[type="hidden"],[aria-disabled="true"])';

/**
 * Where focus goes when an overlay opens: the first field or control of its body, else the first button of its foot,
 * never the closing cross. Touch keeps the default, which does not call up the keyboard.
 */
export function firstControlOf(overlay: RefObject<HTMLElement | null>) {
  return (openType: string): HTMLElement | boolean => {
    if (openType === 'touch') return true;
    for (const part of ['[data-overlay="body"]', '[data-overlay="foot"]']) {
      const list = CONTROLS.split(',').map((control) => `${part} ${control}${POSSIBLE}`);
      const control = overlay.current?.querySelector<HTMLElement>(list.join(','));
      if (control != null) return control;
    }
    return true;
  };
}
