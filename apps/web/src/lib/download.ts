import { requestHeaders } from './presence.ts';

/** Hands a text to the reader as a file. */
export function downloadText(name: string, text: string, type: string): void {
  downloadBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content by the next turn; until then the address must stay.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** Day of an instant for a file name, in UTC: `2026-10-03`. */
export function fileDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A file that was saved. */
export interface SavedFile {
  /** Rows the file was cut off at, the oldest left out; null when it holds all. */
  rowLimit: number | null;
}

/**
 * Fetches a file of the server and hands it to the reader under the server's name for it. Throws what `describeError`
 * can read when the server refuses or breaks off.
 */
export async function downloadFrom(
  path: string,
  params: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<SavedFile> {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const response = await fetch(`${path}?${query}`, { headers: { ...requestHeaders(Date.now()), ...headers } });
  if (!response.ok) throw await refusalOf(response);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  downloadBlob(name ?? 'export.csv', await response.blob());
  return { rowLimit: Number(response.headers.get('x-row-limit')) || null };
}

const codes: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  422: 'invalid',
  429: 'rate_limited',
  503: 'upstream',
};

interface Problem {
  detail?: string;
  errors?: unknown;
  requestId?: string;
  /** What to prove first, where that is why it was refused. */
  stepUp?: unknown;
}

/** An `application/problem+json` answer as an error that `describeError` can read. */
export async function refusalOf(response: Response): Promise<Error> {
  // Behind a proxy anything may answer; what is no problem document says nothing.
  const { detail, errors, requestId, stepUp } = ((await response.json().catch(() => null)) ?? {}) as Problem;
  const code = stepUp === undefined ? (codes[response.status] ?? null) : 'step_up';
  const data = { domainCode: code, fields: errors, requestId, stepUp };
  return Object.assign(new Error(detail ?? `The server answered ${response.status}.`), { data });
}
