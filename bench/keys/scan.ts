import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { MAX_SCAN_LENGTH, scanForKeys } from '@qd/shared/api-keys/scan';
import type { Db } from '../../apps/server/src/db/client.ts';
import { findKeys } from '../../apps/server/src/features/api-keys/service/leaks/find.ts';
import { onlyPepper } from '../../apps/server/src/features/api-keys/service/peppers.ts';
import { derivePepper } from '../../apps/server/src/platform/pepper.ts';
import { storeKey } from './ours.ts';

const PREFIXES = 60;
const RESOLUTION_MS = 1;
/** Time for the monitor to begin. */
const SETTLE_MS = 50;

/** How long the thread of the server answers nobody while 5 MB are searched for keys. */
export interface ScanHold {
  /** Longest pause of the thread while it searches as the server does. */
  heldMs: number;
  /** Length of the whole search, with the thread given back in between. */
  tookMs: number;
  /** The same search in one go, all of which holds the thread. */
  oneGoMs: number;
}

/** Searches a log of nearly nothing but damaged keys, which is what costs most, with sixty prefixes in use. */
export async function scanHold(db: Db, now: Date): Promise<ScanHold> {
  const prefixes = Array.from({ length: PREFIXES }, (_, i) => `aaaaaa${i.toString(36).padStart(2, '0')}`);
  for (const prefix of prefixes) await storeKey(db, now, prefix);
  const line = `aaaaaaaa_prod_key_${'A'.repeat(46)}\n`;
  const text = line.repeat(Math.floor(MAX_SCAN_LENGTH / line.length));
  const peppers = onlyPepper(derivePepper(randomBytes(24).toString('hex')));
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await setTimeout(SETTLE_MS);
  delay.reset();
  const startedMs = performance.now();
  await findKeys(db, peppers, text);
  const tookMs = performance.now() - startedMs;
  delay.disable();
  const oneGoStartedMs = performance.now();
  scanForKeys(text, { crc32, prefixes, opaque: false });
  const oneGoMs = performance.now() - oneGoStartedMs;
  // The monitor counts its own pause between two looks as delay.
  return { heldMs: delay.max / 1e6 - RESOLUTION_MS, tookMs, oneGoMs };
}
