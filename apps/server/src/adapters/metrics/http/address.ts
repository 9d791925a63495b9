import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { DomainError } from '@qd/shared/errors';
import ipaddr from 'ipaddr.js';

/** Instance metadata services outside the link-local ranges. */
const metadataAddresses = new Set(['fd00:ec2::254', '100.100.100.200', '192.0.0.192']);
const refusedRanges = new Set(['linkLocal', 'multicast', 'broadcast']);

/**
 * The URL of a source, or a DomainError `invalid` that names `url`: only http and https, no credentials in the address,
 * no fragment, and no address of an instance metadata service. Names are checked again when they are resolved.
 */
export function sourceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw refusal(`“${text}” is not an address; write it like http://prometheus:9090`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusal('must be an http or https address');
  if (url.username !== '' || url.password !== '') {
    throw refusal('must not hold a user name or password: it would be shown to everyone who may see the source');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && isRefused(host)) throw refusal(`${host} is not an address measurements may be read from`);
  url.hash = '';
  return url;
}

function refusal(message: string): DomainError {
  return new DomainError('invalid', `The address of the source ${message}.`, { fields: [{ field: 'url', message }] });
}

/** True for link-local, multicast and metadata addresses, in IPv4, IPv6 and IPv4 inside IPv6. */
export function isRefused(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const parsed = ipaddr.process(address);
  if (refusedRanges.has(parsed.range()) || metadataAddresses.has(parsed.toString())) return true;
  const inner = parsed.kind() === 'ipv6' ? innerIpv4(parsed.toByteArray()) : null;
  return inner !== null && isRefused(inner);
}

/** Ranges of addresses, each with the length of its prefix in bits. */
export type Ranges = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

/**
 * True for what `isRefused`, and for every address that is not of the public internet (loopback, private, shared, unique local,
 * unspecified, reserved) unless one of these ranges has it: for receivers users name, who may not reach into the network of the
 * console.
 */
export function isRefusedToUsers(address: string, allowed: Ranges): boolean {
  if (isRefused(address)) return true;
  const parsed = ipaddr.process(address);
  if (allowed.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits))) return false;
  const inner = parsed.kind() === 'ipv6' ? innerIpv4(parsed.toByteArray()) : null;
  return inner === null ? parsed.range() !== 'unicast' : isRefusedToUsers(inner, allowed);
}

/** The IPv4 address that translators and tunnels take out of an IPv6 one: NAT64 (RFC 6052), 6to4 and the old compatible form. */
function innerIpv4(bytes: readonly number[]): string | null {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const isLast = hex.startsWith('0064ff9b0000000000000000') || /^0{24}(?!0{7}[01]$)/.test(hex);
  const at = isLast ? 12 : hex.startsWith('2002') ? 2 : null;
  return at === null ? null : bytes.slice(at, at + 4).join('.');
}

type LookupDone = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Resolves a host like `dns.lookup`. */
export type Lookup = (hostname: string, options: LookupOptions, done: LookupDone) => void;

/** Resolves a host like `dns.lookup`, and fails if any of its addresses is one that `isRefused`: a name may point anywhere. */
export function guardedLookup(hostname: string, options: LookupOptions, done: LookupDone): void {
  lookupBy(isRefused, hostname, options, done);
}

/** The same for receivers users name, see `isRefusedToUsers`. */
export function userLookup(allowed: Ranges): Lookup {
  return (hostname, options, done) =>
    lookupBy((address) => isRefusedToUsers(address, allowed), hostname, options, done);
}

function lookupBy(
  isRefusedHere: (address: string) => boolean,
  hostname: string,
  options: LookupOptions,
  done: LookupDone,
): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    const refused = addresses.find(({ address }) => isRefusedHere(address));
    if (refused !== undefined) {
      return done(
        Object.assign(new Error(`${hostname} points to ${refused.address}`), { code: 'EREFUSED_ADDRESS' }),
        [],
      );
    }
    if (options.all === true) return done(null, addresses);
    const [first] = addresses;
    return first === undefined
      ? done(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), [])
      : done(null, first.address, first.family);
  });
}
