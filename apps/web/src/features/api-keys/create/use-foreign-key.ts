import { readForeignKey, type CreatablePlatform, type ForeignKey } from '@qd/shared/api-keys';
import { useEffect, useMemo, useState } from 'react';
import { crc32 } from '../lookup/crc32.ts';
import type { KeyDraft } from './draft.ts';

/** What the text says of itself; null while there is none. */
export function useForeignKey(isAsked: boolean) {
  const [text, setText] = useState('');
  // A page put aside by the browser and taken out again would show it.
  useEffect(() => {
    const clear = (): void => setText('');
    if (!isAsked) clear();
    window.addEventListener('pagehide', clear);
    return () => window.removeEventListener('pagehide', clear);
  }, [isAsked]);
  const pasted = text.trim();
  const read = useMemo(() => (pasted === '' ? null : readForeignKey(pasted, crc32)), [pasted]);
  return { text, pasted, read, setText };
}

/** What of a draft the text decides: a key of the short form says where it is for. */
export function saidByKey(
  { text, platforms }: { text: string; platforms: readonly CreatablePlatform[] },
  draft: KeyDraft,
): Partial<KeyDraft> {
  const read: ForeignKey = readForeignKey(text.trim(), crc32);
  if (!read.ok || read.form.format === 'opaque') return {};
  const { prefix, environment } = read.form;
  const fits = platforms.filter(({ policy }) => policy.prefix === prefix);
  const [only] = fits;
  const isSettled = fits.length !== 1 || only === undefined || only.id === draft.platform;
  return { environment, ...(isSettled ? {} : { platform: only.id, scopes: [] }) };
}
