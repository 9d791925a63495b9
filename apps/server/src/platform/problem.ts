import { maskedKeys } from '@qd/shared/api-keys';
import { DomainError, type DomainCode } from '@qd/shared/errors';
import { schemaFaults } from '@qd/shared/slo';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { storeOutage } from './store-outage.ts';

/** Status and, where the HashInsight manual has one, its code. */
const answers: Record<DomainCode, { status: number; title: string; code?: string }> = {
  unauthenticated: { status: 401, title: 'Not signed in', code: 'AUTH_001' },
  forbidden: { status: 403, title: 'Not allowed', code: 'AUTH_002' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  invalid: { status: 422, title: 'Invalid input' },
  precondition: { status: 412, title: 'Not possible now' },
  rate_limited: { status: 429, title: 'Too many requests', code: 'API_001' },
  step_up: { status: 401, title: 'Prove yourself again', code: 'AUTH_003' },
  upstream: { status: 503, title: 'A dependency does not answer', code: 'DB_001' },
};

/** HTTP status of a domain code; 500 for faults of the console itself. */
export function statusOf(code: string): number {
  return Object.hasOwn(answers, code) ? answers[code as DomainCode].status : 500;
}

/** Answers with `application/problem+json`. Unknown errors keep their text to themselves and are logged once, here. */
export function sendProblem(res: Response, error: unknown, log: Logger): void {
  const domain = toDomainError(error, log);
  const requestId = String(res.getHeader('x-request-id') ?? '');
  if (domain === null) log.error({ err: error, requestId }, 'request failed');
  const answer: Answer = domain === null ? { status: 500, title: 'The console failed' } : answers[domain.code];
  if (domain?.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(domain.retryAfterSeconds));
  if (res.headersSent) {
    res.destroy();
    return;
  }
  if (domain?.code === 'unauthenticated') res.setHeader('WWW-Authenticate', 'Bearer realm="Quarterdeck"');
  res
    .status(answer.status)
    .type('application/problem+json')
    // What was sent may be named in it, such as a field nobody knows.
    .send(maskedKeys(JSON.stringify(problemOf(domain, answer, requestId))));
}

type Answer = (typeof answers)[DomainCode];

/** What a problem says (RFC 9457). */
function problemOf(domain: DomainError | null, { title, status, code }: Answer, requestId: string): object {
  return {
    type: 'about:blank',
    title,
    status,
    detail: domain?.message ?? `The fault is logged under request ${requestId}.`,
    ...(domain && domain.fields.length > 0 ? { errors: domain.fields } : {}),
    ...(code === undefined ? {} : { code }),
    ...(domain?.stepUp === undefined ? {} : { stepUp: domain.stepUp }),
    requestId,
  };
}

function outageOf(error: unknown, log: Logger): DomainError | null {
  const outage = storeOutage(error);
  if (outage !== null) log.warn({ err: error }, 'the database did not answer');
  return outage;
}

function toDomainError(error: unknown, log: Logger): DomainError | null {
  if (error instanceof DomainError) return error;
  if (error instanceof ZodError)
    return new DomainError('invalid', 'The body does not fit.', { fields: schemaFaults(error), cause: error });
  return addressError(error) ?? bodyError(error) ?? outageOf(error, log);
}

/** What the router throws for an address with a percent sign that stands for nothing. */
function addressError(error: unknown): DomainError | null {
  if (!(error instanceof URIError)) return null;
  return new DomainError('not_found', 'The address is not one; write each percent sign as %25.', { cause: error });
}

/** What express's body parsers throw for bodies that are too large, cut off or not JSON. */
function bodyError(error: unknown): DomainError | null {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return null;
  if (error.type === 'entity.too.large')
    return new DomainError('invalid', 'The body is too large; send less at once.', {
      fields: [{ field: 'body', message: 'is too large' }],
      cause: error,
    });
  if (
    error.type.startsWith('entity.') ||
    error.type.startsWith('encoding.') ||
    error.type.startsWith('charset.') ||
    error.type === 'request.aborted'
  ) {
    return new DomainError('invalid', 'The body is not valid JSON.', {
      fields: [{ field: 'body', message: 'is not valid JSON' }],
      cause: error,
    });
  }
  return null;
}

/** Wraps an async handler so that a rejection reaches the error handler. */
export function handler(fn: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    fn(req, res).catch(next);
  };
}
