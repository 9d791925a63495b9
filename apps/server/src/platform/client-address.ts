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
  if (!isWithin(address, trustProxy)) return address;
  const hops = String(req.headers['x-forwarded-for'] ?? '').split(',');
  for (const hop of hops.toReversed()) {
    const next = plainAddress(hop.trim());
    if (next === '') return address;
    address = next;
    if (!isWithin(address, trustProxy)) return address;
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

/** True if an address lies in one of the ranges. IPv4 written as IPv6 (`::ffff:192.0.2.1`) is IPv4, in addresses and in ranges. */
export function isWithin(address: string, ranges: readonly Cidr[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.map(plainRange).some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
}

/** The first 96 bits of an IPv6 address say that IPv4 follows. */
const MAPPED_BITS = 96;

function plainRange([range, bits]: Cidr): Cidr {
  const isMapped = range instanceof ipaddr.IPv6 && range.isIPv4MappedAddress() && bits >= MAPPED_BITS;
  return isMapped ? [range.toIPv4Address(), bits - MAPPED_BITS] : [range, bits];
}

/** An address some proxies write with the port of the caller: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const withPort = /^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/;

/** IPv4 in its own form even where the socket speaks IPv6, without a port; empty when the text is no address. */
function plainAddress(text: string): string {
  const [, v6, v4] = withPort.exec(text) ?? [];
  const address = v6 ?? v4 ?? text;
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : '';
}
