import { MAX_LEAK_BYTES, MAX_PASTED_LENGTH, type LeakReportView } from '@qd/shared/api-keys/ending';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refusalOf } from '../../../lib/download.ts';
import { describeError } from '../../../lib/errors.ts';
import { paths } from '../../../lib/paths.ts';
import { requestHeaders } from '../../../lib/presence.ts';
import { useTRPC, useTRPCClient } from '../../../lib/trpc.ts';

/** A text or a file that may hold keys, and what is known of it. */
export interface LeakDraft {
  text: string;
  file: File | null;
  place: string;
  leakedAt: number | null;
}

/** Reports a leak. The text passes no cache: it is in the form and in one request. */
export function useLeakReport() {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async (draft: LeakDraft): Promise<LeakReportView | null> => {
    setPending(true);
    setError(null);
    try {
      const { text, file, place, leakedAt } = draft;
      const isShort = file === null && text.length <= MAX_PASTED_LENGTH;
      return isShort
        ? await api.apiKeys.leaks.report.mutate({ text, place, leakedAt })
        : await upload(file ?? new Blob([text]), { place, leakedAt });
    } catch (failure) {
      const { message, remedy } = describeError(failure);
      setError(`${message} ${remedy}`);
      return null;
    } finally {
      setPending(false);
      await client.invalidateQueries(trpc.apiKeys.pathFilter());
    }
  };
  return { send, pending, error };
}

async function upload(file: Blob, { place, leakedAt }: Pick<LeakDraft, 'place' | 'leakedAt'>): Promise<LeakReportView> {
  if (file.size > MAX_LEAK_BYTES)
    throw new TypeError(`The file is larger than ${MAX_LEAK_BYTES / 1_000_000} MB; split it.`);
  const response = await fetch(paths.keyLeakFile, {
    method: 'POST',
    headers: { ...requestHeaders(Date.now()), 'content-type': 'application/octet-stream' },
    // Not in the address, which proxies keep: a place may hold the very key.
    body: new Blob([`${JSON.stringify({ place, leakedAt })}\n`, file]),
  });
  if (response.status !== 201) throw await refusalOf(response);
  return (await response.json()) as LeakReportView;
}
