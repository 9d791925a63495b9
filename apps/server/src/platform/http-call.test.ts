import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { httpCall } from './http-call.ts';

const call = (headers: Record<string, string>, publicUrl: string | null = null) => {
  const sent: string[] = [];
  const req = { socket: { remoteAddress: '127.0.0.1' }, headers } as unknown as IncomingMessage;
  const res = { appendHeader: (_name: string, value: string) => void sent.push(value) } as unknown as ServerResponse;
  return { http: httpCall(req, res, { publicUrl, trustProxy: [] }), sent };
};

describe('session cookie', () => {
  it('is bound to the host, secure and out of reach of scripts', () => {
    const { http, sent } = call({ host: 'console.example' });
    http.setSessionCookie('token', 43_200_000);
    expect(sent).toEqual(['__Host-qd=token; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure']);
  });

  it('is plain only where a browser talks to its own machine without a public address', () => {
    const set = (host: string, publicUrl: string | null) => {
      const { http, sent } = call({ host }, publicUrl);
      http.setSessionCookie('t', 1_000);
      return sent[0];
    };
    expect(set('localhost:5080', null)).toBe('qd=t; Path=/; Max-Age=1; HttpOnly; SameSite=Lax');
    expect(set('127.0.0.1:5080', 'http://localhost:5080')).toMatch(/^qd=/);
    expect(set('localhost:5080', 'https://console.example')).toMatch(/^__Host-qd=.*; Secure$/);
    expect(set('192.168.1.5:5080', null)).toMatch(/^__Host-qd=.*; Secure$/);
  });

  it('is removed by the name it was set under', () => {
    const { http, sent } = call({ host: 'localhost' });
    http.clearSessionCookie();
    expect(sent).toEqual(['qd=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
  });

  it('is read by that name alone', () => {
    expect(call({ host: 'localhost', cookie: 'a=1; qd=tok; __Host-qd=other' }).http.sessionToken).toBe('tok');
    expect(call({ host: 'console.example', cookie: 'qd=planted; xqd=2' }).http.sessionToken).toBeNull();
    expect(call({ host: 'localhost' }).http.sessionToken).toBeNull();
  });

  it('is not kept alive by a page nobody uses', () => {
    expect(call({ host: 'localhost', 'x-qd-away': '1' }).http.isAway).toBe(true);
    expect(call({ host: 'localhost' }).http.isAway).toBe(false);
  });

  it('keeps a long agent short', () => {
    expect(call({ host: 'localhost', 'user-agent': 'x'.repeat(10_000) }).http.userAgent).toHaveLength(400);
  });
});

describe('cookie of a sign-in begun elsewhere', () => {
  it('is bound to the host and out of reach of scripts, and goes by its own name', () => {
    const { http, sent } = call({ host: 'console.example' });
    http.setFlowCookie('verifier', 600_000);
    http.setFlowCookie(null, 0);
    expect(sent).toEqual([
      '__Host-qd-flow=verifier; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure',
      '__Host-qd-flow=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    ]);
    expect(call({ host: 'console.example', cookie: 'qd-flow=planted' }).http.flowToken).toBeNull();
    expect(call({ host: 'localhost', cookie: 'qd-flow=kept' }).http.flowToken).toBe('kept');
  });
});

describe('device cookie', () => {
  it('is as well bound as that of the session, and stays', () => {
    const { http, sent } = call({ host: 'console.example', cookie: '__Host-qd-device=known; qd-device=planted' });
    expect(http.deviceToken).toBe('known');
    http.setDeviceCookie('token');
    expect(sent).toEqual(['__Host-qd-device=token; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure']);
    expect(call({ host: 'localhost:5080', cookie: 'qd-device=here' }).http.deviceToken).toBe('here');
  });
});

describe('origin', () => {
  const originOf = (headers: Record<string, string>, publicUrl: string | null = null) =>
    call(headers, publicUrl).http.origin;

  it('is the public address where there is one, whatever the request says', () => {
    expect(originOf({ host: 'evil.test' }, 'https://console.example/')).toBe('https://console.example');
  });

  it('is plain http at this machine, and https anywhere else', () => {
    expect(originOf({ host: 'localhost:5080' })).toBe('http://localhost:5080');
    expect(originOf({ host: 'console.example' })).toBe('https://console.example');
    expect(originOf({ host: 'not a host' })).toBe('http://localhost');
    expect(originOf({})).toBe('http://localhost');
  });
});
