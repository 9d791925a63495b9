import { DomainError, type DomainCode } from '@qd/shared/errors';
import { schemaFaults } from '@qd/shared/slo';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { Ctx } from './context.ts';
import { storeOutage } from './store-outage.ts';

const codes: Record<DomainCode, TRPCError['code']> = {
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  invalid: 'BAD_REQUEST',
  precondition: 'PRECONDITION_FAILED',
  rate_limited: 'TOO_MANY_REQUESTS',
  upstream: 'SERVICE_UNAVAILABLE',
  step_up: 'UNAUTHORIZED',
};

/** The domain error behind a transport error, or null when there is none. */
export function domainErrorOf(error: TRPCError): DomainError | null {
  return error.cause instanceof DomainError ? error.cause : null;
}

/**
 * What a caller may see of any failure. Domain errors and rejected input keep their words; unknown errors lose theirs,
 * gain the request id, and their cause is logged here, once. A database that does not answer is `upstream`.
 */
export function transportError(error: unknown, ctx: Pick<Ctx, 'requestId' | 'log'>): TRPCError {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof DomainError) return fromDomain(cause);
  if (cause instanceof ZodError && error instanceof TRPCError && error.code === 'BAD_REQUEST') {
    return fromDomain(
      new DomainError('invalid', 'The input does not fit; see the fields.', { fields: schemaFaults(cause), cause }),
    );
  }
  if (error instanceof TRPCError && error.code === 'PAYLOAD_TOO_LARGE') {
    return new TRPCError({ code: error.code, message: 'The request is too large; send less at once.' });
  }
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') {
    return new TRPCError({ code: error.code, message: error.message });
  }
  const outage = storeOutage(cause);
  if (outage !== null) {
    ctx.log.warn({ err: cause, requestId: ctx.requestId }, 'the database did not answer');
    return fromDomain(outage);
  }
  ctx.log.error({ err: cause, requestId: ctx.requestId }, 'procedure failed');
  return new TRPCError({
    code: 'INTERNAL_SERVER_ERROR',
    message: `The console failed; the fault is logged under request ${ctx.requestId}.`,
  });
}

function fromDomain(error: DomainError): TRPCError {
  return new TRPCError({ code: codes[error.code], message: error.message, cause: error });
}
