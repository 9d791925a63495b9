import ipaddr from 'ipaddr.js';
import type { z } from 'zod';
import type { Cidr } from './platform/client-address.ts';

/** Parses a comma-separated list of CIDR ranges; a fault becomes an issue of the surrounding schema. */
export function parseCidrs(text: string, context: z.RefinementCtx): Cidr[] {
  const ranges: Cidr[] = [];
  for (const part of text.split(',').map((p) => p.trim())) {
    if (ipaddr.isValidCIDR(part)) ranges.push(ipaddr.parseCIDR(part));
    else context.addIssue({ code: 'custom', message: `"${part}" is not a CIDR range like 10.0.0.0/8` });
  }
  return ranges;
}
