import { DomainError } from '@qd/shared/errors';
import { createPersonLimit } from '../person-limit.ts';

/** Texts one person may have searched within a minute. */
const PER_MINUTE = 10;
/** Texts that wait for the one being searched. */
const MAX_WAITING = 8;

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** Searches one text at a time in this process: a search takes much of the processor. Throws `rate_limited` when many wait. */
export async function inTurn<T>(search: () => Promise<T>): Promise<T> {
  if (waiting > MAX_WAITING) {
    const message = 'Many texts are being searched; try again in a few seconds.';
    throw new DomainError('rate_limited', message, { retryAfterSeconds: 5 });
  }
  waiting += 1;
  const before = last;
  const mine = (async () => {
    await before;
    return search();
  })();
  last = mine.catch(() => undefined);
  try {
    return await mine;
  } finally {
    waiting -= 1;
  }
}

/** Lets each person report ten texts within a minute, pasted or sent as files; throws `rate_limited` beyond. */
export const limitLeakReports = createPersonLimit(PER_MINUTE, 'reported');
