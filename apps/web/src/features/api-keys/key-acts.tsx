import { isUsable, type KeyListRow } from '@qd/shared/api-keys';
import { useState } from 'react';
import { useKey } from '../../lib/keys.ts';
import { useCan } from '../../lib/use-can.ts';
import { Button } from '../../ui/button.tsx';
import { dialogs, type AskedAct, type KeyAct } from './key-dialogs.tsx';

const words: Readonly<Record<KeyAct, { label: string; kbd?: string }>> = {
  rotate: { label: 'Rotate', kbd: 'O' },
  revoke: { label: 'Revoke', kbd: '⇧R' },
  quarantine: { label: 'Quarantine' },
};

/** Why an act makes no sense for a key as it stands; null when it does. */
export function refusalOf(act: KeyAct, row: Pick<KeyListRow, 'state' | 'rotation'>): string | null {
  if (row.state === 'revoked') return 'This key is revoked.';
  if (act === 'revoke') return null;
  if (act === 'quarantine') {
    if (row.state === 'quarantined') return 'This key is quarantined already.';
    return isUsable(row.state) ? null : 'This key does not work now.';
  }
  if (row.state === 'rotating') return 'This key is being rotated already.';
  return row.state === 'active' ? null : 'Only a key that works can be rotated.';
}

/** Acts on the key under the cursor, and the dialog that is open. */
export function useKeyActs(target: KeyListRow | null) {
  const can = useCan();
  const [asked, setAsked] = useState<AskedAct | null>(null);
  const ask = (act: KeyAct, keyId: string) => setAsked({ act, keyId });
  const isFree = asked === null && target !== null && can('api-keys:rotate');
  const fits = (act: KeyAct) => isFree && dialogs[act] !== undefined && refusalOf(act, target) === null;
  const askTarget = (act: KeyAct) => target !== null && ask(act, target.id);
  useKey('o', 'Rotate the key', () => askTarget('rotate'), fits('rotate'));
  useKey('shift+r', 'Revoke the key', () => askTarget('revoke'), fits('revoke'));
  return { asked, ask, close: () => setAsked(null) };
}

/** What can be done to one key. */
export function KeyActs({ row, onAct }: { row: KeyListRow; onAct(act: KeyAct, keyId: string): void }) {
  const can = useCan();
  const platform = row.platform === '*' ? null : row.platform;
  const mine = (['rotate', 'quarantine', 'revoke'] as const).filter((act) => dialogs[act] !== undefined);
  return mine.map((act) => {
    const reason = can('api-keys:rotate', platform)
      ? refusalOf(act, row)
      : 'Your role does not rotate or end keys. Owners, admins, commanders and operators can.';
    return (
      <Button
        key={act}
        size="s"
        variant={act === 'revoke' ? 'danger' : 'default'}
        kbd={words[act].kbd}
        disabledReason={reason ?? undefined}
        onClick={() => onAct(act, row.id)}
      >
        {words[act].label}
      </Button>
    );
  });
}
