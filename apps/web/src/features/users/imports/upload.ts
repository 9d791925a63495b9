import type { ImportView } from '@qd/shared/users';
import { refusalOf } from '../../../lib/download.ts';
import { paths } from '../../../lib/paths.ts';
import { requestHeaders } from '../../../lib/presence.ts';

export interface UploadOptions {
  signal: AbortSignal;
  /** Bytes that have left, of all. */
  onProgress(sentBytes: number, totalBytes: number): void;
}

/**
 * Sends a file of people to be checked; gives what was found, or null when it was called off. Throws what `describeError`
 * can read. Not `fetch`: that does not tell how much of the file has left.
 */
export async function uploadPeople(file: File, { signal, onProgress }: UploadOptions): Promise<ImportView | null> {
  const request = new XMLHttpRequest();
  request.open('POST', `${paths.userImport}?${new URLSearchParams({ name: file.name })}`);
  for (const [name, value] of Object.entries(requestHeaders(Date.now()))) request.setRequestHeader(name, value);
  request.setRequestHeader('content-type', 'text/csv');
  request.upload.addEventListener('progress', (event) => onProgress(event.loaded, event.total));
  const ended = new Promise<void>((resolve) => {
    request.addEventListener('loadend', () => resolve());
  });
  const abort = (): void => request.abort();
  signal.addEventListener('abort', abort);
  request.send(file);
  await ended;
  signal.removeEventListener('abort', abort);
  if (signal.aborted) return null;
  if (request.status === 0) throw new TypeError('The upload broke off.');
  if (request.status === 201) return JSON.parse(request.responseText) as ImportView;
  throw await refusalOf(new Response(request.responseText, { status: request.status }));
}
