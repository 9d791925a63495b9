import { DomainError } from '@qd/shared/errors';
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  timeout,
  TaskCancelledError,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { ReplyTooLong } from './fetch-text.ts';

export interface ResilienceOptions {
  /** Longest single attempt. */
  timeoutMs: number;
  /** Attempts after the first. */
  retries: number;
  /** Pause before the first retry; later ones grow, with jitter. */
  retryAfterMs: number;
  /** Failed calls in a row after which the source is left alone. */
  breakAfter: number;
  /** How long it is left alone. */
  restMs: number;
}

export const defaultResilience: ResilienceOptions = {
  timeoutMs: 10_000,
  retries: 2,
  retryAfterMs: 200,
  breakAfter: 5,
  restMs: 30_000,
};

/** Runs calls to one source: each attempt bounded, retried with jitter, and no more attempts while it is known to be down. */
export interface Resilience {
  run<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Only a source that does not answer is tried again; a wrong question stays wrong, and a long answer stays long. */
const isOutage = (error: Error): boolean =>
  !(error instanceof ReplyTooLong) &&
  (error instanceof TaskCancelledError || (error instanceof DomainError && error.code === 'upstream'));

/** Policies of one source. `name` is how messages call it. */
export function createResilience(name: string, options: ResilienceOptions): Resilience {
  // Nobody hears an abort after the answer, and making its error costs more than reading a short answer.
  const limit = timeout(options.timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  const again = retry(handleWhen(isOutage), {
    maxAttempts: options.retries,
    backoff: new ExponentialBackoff({ initialDelay: options.retryAfterMs, maxDelay: options.retryAfterMs * 10 }),
  });
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: options.restMs,
    breaker: new ConsecutiveBreaker(options.breakAfter),
  });
  const policy: IPolicy = wrap(breaker, again, limit);
  return {
    async run(call, signal) {
      try {
        return await policy.execute((context) => call(context.signal), signal);
      } catch (error) {
        if (error instanceof BrokenCircuitError) {
          throw new DomainError(
            'upstream',
            `${name} failed ${options.breakAfter} times in a row and is left alone for ${Math.round(options.restMs / 1_000)} s.`,
            { cause: error },
          );
        }
        if (error instanceof TaskCancelledError) {
          throw new DomainError('upstream', `${name} did not answer within ${options.timeoutMs / 1_000} s.`, {
            cause: error,
          });
        }
        throw error;
      }
    },
  };
}
