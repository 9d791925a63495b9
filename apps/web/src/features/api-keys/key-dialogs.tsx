import { type ComponentType, lazy, type LazyExoticComponent, Suspense } from 'react';

/** An act on one key that begins with a dialog. */
export const keyActs = ['rotate', 'revoke', 'quarantine'] as const;
export type KeyAct = (typeof keyActs)[number];

/** An act somebody asked for. */
export interface AskedAct {
  act: KeyAct;
  keyId: string;
}

type KeyDialog = LazyExoticComponent<ComponentType<{ keyId: string; onClose(): void }>>;

/** The dialog of each act. */
export const dialogs: Partial<Record<KeyAct, KeyDialog>> = {
  rotate: lazy(() => import('./rotation/rotate-dialog.tsx').then((m) => ({ default: m.RotateDialog }))),
  revoke: lazy(() => import('./ending/revoke-dialog.tsx').then((m) => ({ default: m.RevokeDialog }))),
  quarantine: lazy(() => import('./ending/quarantine-dialog.tsx').then((m) => ({ default: m.QuarantineDialog }))),
};

/** The dialog of the act asked for. */
export function KeyDialogs({ asked, onClose }: { asked: AskedAct; onClose(): void }) {
  const Dialog = dialogs[asked.act];
  return Dialog === undefined ? null : (
    <Suspense>
      <Dialog keyId={asked.keyId} onClose={onClose} />
    </Suspense>
  );
}
