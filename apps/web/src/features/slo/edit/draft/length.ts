import { parseDuration } from '@qd/shared/slo';

/** A length (ms) as people write it: `30d`, `30 d`, `1h 30min`; null for anything else. */
export function lengthMs(text: string): number | null {
  try {
    return parseDuration(text.replaceAll(/\s+|in(?=\d|$)/g, ''));
  } catch {
    return null;
  }
}
