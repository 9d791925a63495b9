import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientAddress, isLocalRequest, isLoopbackHost, type Cidr } from './client-address.ts';

/** Sent as `1` by pages that refresh themselves while nobody uses them. */
const AWAY_HEADER = 'x-qd-away';
/** Carries the proof for one act that asks for it. */
const STEP_UP_HEADER = 'x-qd-step-up';
/** Browsers keep no cookie longer than 400 days (RFC 6265bis §5.5). */
const DEVICE_COOKIE_SECONDS = 400 * 24 * 60 * 60;

/** The HTTP request behind a call, as far as sign-in needs it. Absent for jobs, the command line and tests. */
export interface HttpCall {
  address: string;
  userAgent: string;
  /** True if the caller sits at this machine; the first owner is only created from there. */
  isLocal: boolean;
  sessionToken: string | null;
  /** True when the page says that nobody has touched it lately; such requests do not keep a session alive. */
  isAway: boolean;
  /** Scheme, host and port the browser knows the console by, e.g. `http://localhost:5080`. */
  origin: string;
  /** False for a call that brings no input at all, which is not even JSON. */
  hasBody: boolean;
  /** Proof for one act (`session.stepUp`), or null. */
  stepUpToken: string | null;
  /** What recognises the browser at the next sign-in, or null on its first. */
  deviceToken: string | null;
  setDeviceCookie(token: string): void;
  /** What binds the browser to the sign-in it began elsewhere, or null. */
  flowToken: string | null;
  /** Keeps such a token; null removes it. */
  setFlowCookie(token: string | null, lifeMs: number): void;
  setSessionCookie(token: string, lifeMs: number): void;
  clearSessionCookie(): void;
  setHeader(name: string, value: string): void;
}

export interface HttpCallSettings {
  /** Where browsers reach the console, or null when that is simply its own port. */
  publicUrl: string | null;
  trustProxy: readonly Cidr[];
}

/** Reads what sign-in needs from a request and writes cookies to its response. */
export function httpCall(req: IncomingMessage, res: ServerResponse, settings: HttpCallSettings): HttpCall {
  const cookie = sessionCookieName(req, settings);
  const deviceCookie = `${cookie}-device` as const;
  const flowCookie = `${cookie}-flow` as const;
  return {
    address: clientAddress(req, settings.trustProxy),
    userAgent: (req.headers['user-agent'] ?? '').slice(0, 400),
    isLocal: isLocalRequest(req),
    sessionToken: readCookie(req.headers.cookie, cookie),
    isAway: isAway(req),
    origin: originOf(req, settings),
    hasBody: hasBody(req),
    stepUpToken: stepUpTokenOf(req),
    deviceToken: readCookie(req.headers.cookie, deviceCookie),
    setDeviceCookie: (token) => res.appendHeader('Set-Cookie', cookieText(deviceCookie, token, DEVICE_COOKIE_SECONDS)),
    flowToken: readCookie(req.headers.cookie, flowCookie),
    setFlowCookie: (token, lifeMs) =>
      res.appendHeader(
        'Set-Cookie',
        cookieText(flowCookie, token ?? '', token === null ? 0 : Math.floor(lifeMs / 1_000)),
      ),
    setSessionCookie: (token, lifeMs) =>
      res.appendHeader('Set-Cookie', cookieText(cookie, token, Math.floor(lifeMs / 1_000))),
    clearSessionCookie: () => res.appendHeader('Set-Cookie', cookieText(cookie, '', 0)),
    setHeader: (name, value) => res.setHeader(name, value),
  };
}

/** True when the page behind a request has not been touched lately: it only keeps itself up to date. */
export function isAway(req: IncomingMessage): boolean {
  return req.headers[AWAY_HEADER] === '1';
}

function hasBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/** The proof for one act that a request carries, or null. For requests answered outside tRPC. */
export function stepUpTokenOf(req: IncomingMessage): string | null {
  const header = req.headers[STEP_UP_HEADER];
  return typeof header === 'string' && header !== '' ? header : null;
}

/**
 * The address browsers know the console by. Away from this machine passkeys and secure cookies exist over https only, so that
 * is what an unnamed proxy in front must speak.
 */
function originOf(req: IncomingMessage, settings: HttpCallSettings): string {
  if (settings.publicUrl !== null) return new URL(settings.publicUrl).origin;
  const { host } = req.headers;
  const url = `${isLoopbackHost(host) ? 'http' : 'https'}://${host ?? ''}`;
  return URL.canParse(url) ? new URL(url).origin : 'http://localhost';
}

/** The session token a request carries, or null. For requests answered outside tRPC. */
export function sessionTokenOf(req: IncomingMessage, settings: HttpCallSettings): string | null {
  return readCookie(req.headers.cookie, sessionCookieName(req, settings));
}

/**
 * `__Host-qd`, or plain `qd` where a browser talks plain http to its own machine and may refuse a Secure cookie.
 * A proxy may rewrite the Host header to localhost, so a public https address always means the secure name.
 */
export function sessionCookieName(req: IncomingMessage, settings: HttpCallSettings): '__Host-qd' | 'qd' {
  const isPublicHttps = settings.publicUrl?.startsWith('https:') ?? false;
  return !isPublicHttps && isLoopbackHost(req.headers.host) ? 'qd' : '__Host-qd';
}

function cookieText(name: string, value: string, maxAgeSeconds: number): string {
  const secure = name.startsWith('__Host-') ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return null;
}

/** The request behind a call. Sessions are opened and closed over HTTP only: elsewhere it throws. */
export function httpOf(ctx: { http?: HttpCall | undefined }): HttpCall {
  if (ctx.http) return ctx.http;
  throw new Error('sessions are opened and closed over HTTP only');
}
