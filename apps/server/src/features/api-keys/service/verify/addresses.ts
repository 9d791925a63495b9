import ipaddr from 'ipaddr.js';
import { isWithin, type Cidr } from '../../../../platform/client-address.ts';
import type { VerifiedKey } from '../../queries/verified-key.ts';

const parsed = new WeakMap<VerifiedKey, Cidr[]>();

/** True if a key may be used from an address: from anywhere without ranges, from nowhere unknown with some. */
export function mayComeFrom(key: VerifiedKey, address: string | null): boolean {
  if (key.ipAllow.length === 0) return true;
  return address !== null && isWithin(address, rangesOf(key));
}

/** Read once for each row, which is remembered for half a minute. A range that cannot be read lets nobody in. */
function rangesOf(key: VerifiedKey): Cidr[] {
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const ranges = key.ipAllow.filter((text) => ipaddr.isValidCIDR(text)).map((text) => ipaddr.parseCIDR(text));
  parsed.set(key, ranges);
  return ranges;
}
