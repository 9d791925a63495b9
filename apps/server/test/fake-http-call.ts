import type { HttpCall } from '../src/platform/http-call.ts';

/** A request as sign-in sees it, which remembers the cookie it was given. */
export interface FakeHttpCall extends HttpCall {
  /** Token of the session cookie that was set; null after it was cleared. */
  cookie: string | null | undefined;
  headers: Record<string, string>;
  /** Token of the cookie that recognises the browser, if one was set. */
  deviceCookie: string | undefined;
}

/** A browser on this machine, unless `change` says otherwise. */
export function fakeHttpCall(change: Partial<HttpCall> = {}): FakeHttpCall {
  const call: FakeHttpCall = {
    address: '127.0.0.1',
    userAgent: 'test browser',
    isLocal: true,
    sessionToken: null,
    isAway: false,
    origin: 'http://localhost:5080',
    hasBody: true,
    stepUpToken: null,
    deviceToken: null,
    deviceCookie: undefined,
    flowToken: null,
    setFlowCookie: (token) => {
      call.flowToken = token;
    },
    cookie: undefined,
    headers: {},
    setSessionCookie: (token) => {
      call.cookie = token;
    },
    clearSessionCookie: () => {
      call.cookie = null;
    },
    setDeviceCookie: (token) => {
      call.deviceCookie = token;
    },
    setHeader: (name, value) => {
      call.headers[name] = value;
    },
    ...change,
  };
  return call;
}
