const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How the key of the palette is printed on this machine. */
export const commandKey = isApple ? '⌘K' : 'Ctrl K';

/** How the key that saves or sends is printed on this machine. */
export const submitKey = isApple ? '⌘↵' : 'Ctrl ↵';
