import { createContext, use } from 'react';

/** What any part of the shell may ask the shell to do. */
export interface ShellActions {
  openPalette(): void;
  openHelp(): void;
  openRemoveDemo(): void;
}

export const ShellContext = createContext<ShellActions | null>(null);

export function useShell(): ShellActions {
  const actions = use(ShellContext);
  if (actions === null) throw new Error('useShell is only for parts of the shell and pages inside it');
  return actions;
}
