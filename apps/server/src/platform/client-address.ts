import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** A range of addresses, as `ipaddr.parseCIDR` gives it. */
export type Cidr = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

/**
 * Address the request came from: the socket's, unless the socket belongs to a trusted proxy. Then X-Forwarded-For is read
 * from its right end, past further trusted proxies, to the first address nobody trusted could have invented.
 */
export function clientAddress(req: IncomingMessage, trustProxy: readonly Cidr[]): string {
  let address = plainAddress(req.socket.remoteAddress ?? '');
  if (!isTrusted(address, trustProxy)) return address;
  const hops = String(req.headers['x-forwarded-for'] ?? '').split(',');
  for (const hop of hops.toReversed()) {
    const next = plainAddress(hop.trim());
    if (next === '') return address;
    address = next;
    if (!isTrusted(address, trustProxy)) return address;
  }
  return address;
}

/**
 * What failures are counted by: an IPv4 address, or the /64 network of an IPv6 address, whose owner can use any address in it.
 */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}

/**
 * True only for a browser or tool on this very machine that reached the console directly. A reverse proxy on the same machine
 * also connects from loopback, so forwarding headers, a foreign Host and a foreign Origin each refuse.
 */
export function isLocalRequest(req: IncomingMessage): boolean {
  if (!isLoopbackAddress(req.socket.remoteAddress ?? '')) return false;
  if (forwardingHeaders.some((name) => req.headers[name] !== undefined)) return false;
  if (!isLoopbackHost(req.headers.host)) return false;
  const { origin } = req.headers;
  return origin === undefined || (URL.canParse(origin) && isLoopbackHost(new URL(origin).host));
}

/** The last host judged: nearly all requests name the same one, and reading it costs as much as answering some of them. */
let lastHost: { host: string; isLoopback: boolean } | null = null;

/** True if a Host header names this machine: localhost, 127.x.x.x or [::1], with or without a port. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  if (lastHost?.host !== host) lastHost = { host, isLoopback: namesThisMachine(host) };
  return lastHost.isLoopback;
}

function namesThisMachine(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return hostname === 'localhost' || isLoopbackAddress(hostname.replaceAll(/^\[|\]$/g, ''));
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

function isTrusted(address: string, ranges: readonly Cidr[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
}

/** IPv4 in its own form even where the socket speaks IPv6; empty when the text is no address. */
function plainAddress(text: string): string {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : '';
}
