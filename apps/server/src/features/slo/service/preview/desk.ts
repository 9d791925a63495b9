import { DomainError } from '@qd/shared/errors';
import type { SloPreview } from '@qd/shared/slo';
import { createSingleflight } from '../../../../platform/singleflight.ts';

/** Previews computed at once; each may hold a source busy for a minute. */
const MAX_AT_ONCE = 4;
const RETRY_AFTER_SECONDS = 5;

/** Where previews are computed: the same one once for all who wait for it, and few at a time. */
export interface PreviewDesk {
  /** Throws `rate_limited` while too many others are under way. */
  run(key: string, compute: () => Promise<SloPreview>): Promise<SloPreview>;
}

/** A desk with nothing on it. One per process. */
export function createPreviewDesk(): PreviewDesk {
  const flights = createSingleflight<SloPreview>();
  let busy = 0;
  return {
    run: (key, compute) =>
      flights.run(key, async () => {
        if (busy >= MAX_AT_ONCE) {
          const message = `${MAX_AT_ONCE} previews are being computed already; try again in ${RETRY_AFTER_SECONDS} seconds.`;
          throw new DomainError('rate_limited', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
        }
        busy += 1;
        try {
          return await compute();
        } finally {
          busy -= 1;
        }
      }),
  };
}
