import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { foreignSiteFault, forgeryFault, uploadFault } from './csrf.ts';

const own = { host: 'console.example', 'content-type': 'application/json', 'x-qd': '1' };
const faultOf = (headers: Record<string, string | undefined>, publicUrl: string | null = null) =>
  forgeryFault({ headers: { ...own, ...headers } } as unknown as IncomingMessage, publicUrl);

describe('requests that change something', () => {
  it.each([
    ['the console’s own page', { 'sec-fetch-site': 'same-origin', origin: 'https://console.example' }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
    ['an older browser on the same origin', { origin: 'https://console.example' }],
    ['a tool, which has no ambient cookie', {}],
    ['JSON with a charset', { 'content-type': 'Application/JSON; charset=utf-8' }],
  ])('pass from %s', (_name, headers) => {
    expect(faultOf(headers)).toBeNull();
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['another origin without fetch metadata', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['an origin that only begins the same', { origin: 'https://console.example.evil.example' }],
    ['another port', { origin: 'https://console.example:8443' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['plain text that is JSON inside', { 'content-type': 'text/plain' }],
    ['bytes', { 'content-type': 'application/octet-stream' }],
    ['no content type', { 'content-type': undefined }],
    ['no header of our own', { 'x-qd': undefined, 'sec-fetch-site': 'same-origin' }],
    ['another site that sends JSON and the header', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ])('are refused from %s', (_name, headers) => {
    expect(faultOf(headers)).toEqual(expect.any(String));
  });

  it('know the public address behind a proxy that rewrites the host', () => {
    const headers = { host: 'localhost:5080', origin: 'https://console.example' };
    expect(faultOf(headers)).not.toBeNull();
    expect(faultOf(headers, 'https://console.example')).toBeNull();
    expect(faultOf({ origin: 'http://console.example' }, 'https://console.example')).not.toBeNull();
  });
});

describe('downloads', () => {
  const fault = (site: string | undefined) =>
    foreignSiteFault({ headers: { ...(site !== undefined && { 'sec-fetch-site': site }) } } as IncomingMessage);

  it.each(['same-origin', 'none', undefined])('pass from %s', (site) => {
    expect(fault(site)).toBeNull();
  });

  it.each(['cross-site', 'same-site', 'anything else'])('are refused from %s', (site) => {
    expect(fault(site)).toEqual(expect.any(String));
  });
});

describe('uploads', () => {
  const faultOfUpload = (headers: Record<string, string | undefined>) =>
    uploadFault({ headers: { ...own, 'content-type': 'text/csv', ...headers } } as unknown as IncomingMessage, null);

  it('pass from the console’s own page and from tools', () => {
    expect(faultOfUpload({ 'sec-fetch-site': 'same-origin' })).toBeNull();
    expect(faultOfUpload({ 'content-type': undefined })).toBeNull();
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another origin without fetch metadata', { origin: 'https://evil.example' }],
    ['a form', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['a page without our header', { 'x-qd': undefined }],
  ])('are refused from %s', (_name, headers) => {
    expect(faultOfUpload(headers)).not.toBeNull();
  });
});
