import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { addressBlock, clientAddress, isLocalRequest, isLoopbackHost, isWithin } from './client-address.ts';

const request = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;
const trusted = ['10.0.0.0/8', 'fd00::/8'].map((c) => ipaddr.parseCIDR(c));

describe('client address', () => {
  it.each([
    ['no proxy trusted: the header is noise', '203.0.113.9', '1.2.3.4', [], '203.0.113.9'],
    ['a stranger’s header is noise', '203.0.113.9', '1.2.3.4', trusted, '203.0.113.9'],
    ['one trusted proxy', '10.0.0.1', '198.51.100.7', trusted, '198.51.100.7'],
    [
      'the client’s own invention stands left of the truth',
      '10.0.0.1',
      '1.2.3.4, 198.51.100.7',
      trusted,
      '198.51.100.7',
    ],
    ['two trusted proxies', '10.0.0.1', '1.2.3.4, 198.51.100.7, 10.9.9.9', trusted, '198.51.100.7'],
    ['rubbish ends the walk', '10.0.0.1', '198.51.100.7, <script>', trusted, '10.0.0.1'],
    ['trusted proxy without a header', '10.0.0.1', '', trusted, '10.0.0.1'],
    ['IPv4 over an IPv6 socket', '::ffff:10.0.0.1', '::ffff:198.51.100.7', trusted, '198.51.100.7'],
    ['IPv6 proxy', 'fd00::1', '2001:db8::5', trusted, '2001:db8::5'],
    ['a proxy that adds the port', '10.0.0.1', '1.2.3.4, 198.51.100.7:4711', trusted, '198.51.100.7'],
    ['the same in IPv6', '10.0.0.1', '[2001:db8::5]:443, 10.9.9.9:80', trusted, '2001:db8::5'],
    ['brackets without a port', '10.0.0.1', '[2001:db8::5]', trusted, '2001:db8::5'],
    ['a port that is none', '10.0.0.1', '198.51.100.7:x', trusted, '10.0.0.1'],
  ])('%s', (...[, socket, forwarded, ranges, address]) => {
    expect(clientAddress(request(socket, { 'x-forwarded-for': forwarded }), ranges)).toBe(address);
  });

  it('knows IPv4 written as IPv6, in addresses and in ranges', () => {
    const within = (address: string, range: string) => isWithin(address, [ipaddr.parseCIDR(range)]);
    for (const range of ['192.0.2.0/24', '::ffff:192.0.2.0/120', '::ffff:c000:200/120', '::ffff:0:0/96']) {
      expect([range, within('192.0.2.9', range), within('::ffff:192.0.2.9', range)]).toEqual([range, true, true]);
      expect([range, within('2001:db8::9', range)]).toEqual([range, false]);
    }
    expect(within('192.0.3.9', '::ffff:192.0.2.0/120')).toBe(false);
    expect(within('192.0.2.9', '::/0')).toBe(false);
    expect(within('2001:db8::9', '2001:db8::/32')).toBe(true);
    expect(within('nowhere', '0.0.0.0/0')).toBe(false);
  });

  it('counts an IPv6 network as one', () => {
    expect(addressBlock('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(addressBlock('2001:db8:1:2:ffff::1')).toBe(addressBlock('2001:db8:1:2::9'));
    expect(addressBlock('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressBlock('')).toBe('unknown');
  });
});

describe('this machine', () => {
  const host = 'localhost:5080';

  it.each([
    ['localhost', '127.0.0.1', { host }, true],
    ['IPv6 loopback', '::1', { host: '[::1]:5080', origin: 'http://[::1]:5080' }, true],
    ['own origin', '127.0.0.1', { host, origin: 'http://localhost:5080' }, true],
    ['another machine', '192.168.1.5', { host }, false],
    ['a proxy on this machine', '127.0.0.1', { host, 'x-forwarded-for': '203.0.113.9' }, false],
    ['a proxy that says so by Via', '127.0.0.1', { host, via: '1.1 nginx' }, false],
    ['a name rebound to loopback', '127.0.0.1', { host: 'evil.example:5080' }, false],
    ['a page of another site', '127.0.0.1', { host, origin: 'https://evil.example' }, false],
    ['a page without an origin', '127.0.0.1', { host, origin: 'null' }, false],
    ['a name that only begins like it', '127.0.0.1', { host: 'localhost.evil.example' }, false],
    ['no host at all', '127.0.0.1', {}, false],
  ])('%s', (_name, socket, headers, isLocal) => {
    expect(isLocalRequest(request(socket, headers as Record<string, string>))).toBe(isLocal);
  });

  it('knows loopback in its spellings', () => {
    expect(['localhost', 'LOCALHOST:80', '127.0.0.1:5080', '127.9.9.9', '[::1]'].map(isLoopbackHost)).toEqual(
      Array(5).fill(true),
    );
    expect(['0.0.0.0', '[::]', '10.0.0.1', 'localhost.', '', 'a b'].map(isLoopbackHost)).toEqual(Array(6).fill(false));
  });
});
