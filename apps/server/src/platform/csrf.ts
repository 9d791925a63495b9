import type { IncomingMessage } from 'node:http';

/** Sent by the console's own pages; another site cannot set it without asking first, and is then refused. */
export const OWN_HEADER = 'x-qd';

/**
 * Why a changing request might come from another site, or null when it cannot.
 * tRPC runs mutations sent as multipart or as bytes, which a foreign form can send, so only JSON passes.
 */
export function forgeryFault(req: IncomingMessage, publicUrl: string | null): string | null {
  const contentType = String(req.headers['content-type'] ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  if (contentType !== 'application/json') return 'Send the request as application/json.';
  return foreignCallFault(req, publicUrl);
}

/** Why an upload might come from another site, or null when it cannot. A foreign form can send any body, but not our header. */
export function uploadFault(req: IncomingMessage, publicUrl: string | null): string | null {
  const contentType = String(req.headers['content-type'] ?? '').toLowerCase();
  if (contentType.startsWith('multipart/')) return 'Send the file itself as the body, not a form with the file in it.';
  return foreignCallFault(req, publicUrl);
}

function foreignCallFault(req: IncomingMessage, publicUrl: string | null): string | null {
  if (req.headers[OWN_HEADER] !== '1') return `Send the header ${OWN_HEADER}: 1.`;
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) {
    return site === 'same-origin' || site === 'none' ? null : 'This request comes from another site.';
  }
  // Every browser names the origin of a POST; a caller that is no browser holds no ambient cookie.
  const { origin } = req.headers;
  if (origin === undefined || isOwnOrigin(origin, req.headers.host, publicUrl)) return null;
  return 'This request comes from another site.';
}

/** Why a download might be asked for by another site's page, or null when it cannot. What asks without a browser says nothing. */
export function foreignSiteFault(req: IncomingMessage): string | null {
  const site = req.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  return 'This request comes from another site; open the console and download it there.';
}

/** True for methods that change nothing. */
export function isReading(req: IncomingMessage): boolean {
  return req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS';
}

function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (publicUrl !== null && from.origin === new URL(publicUrl).origin) return true;
  const mustBeHttps = publicUrl?.startsWith('https:') ?? false;
  return host !== undefined && from.host === host.toLowerCase() && (!mustBeHttps || from.protocol === 'https:');
}
