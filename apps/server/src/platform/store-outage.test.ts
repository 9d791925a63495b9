import { DomainError } from '@qd/shared/errors';
import { describe, expect, it } from 'vitest';
import { storeOutage } from './store-outage.ts';

const failed = (cause: unknown) => new Error('Failed query: select secret', { cause });
const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('a database that does not answer', () => {
  it.each([
    ['a refused connection', failed(coded('ECONNREFUSED'))],
    ['a shutdown', failed(coded('57P01'))],
    ['too many connections', failed(coded('53300'))],
    ['an open breaker', failed(new DomainError('upstream', 'Postgres at db.internal:5432 lets nobody in'))],
    ['a cut line', failed(new Error('Connection terminated unexpectedly'))],
    ['a cause of a cause', failed(failed(coded('ECONNRESET')))],
  ])('is recognised by %s, and told without names', (_name, error) => {
    const outage = storeOutage(error);
    expect(outage?.code).toBe('upstream');
    expect(outage?.message).not.toMatch(/select|internal/);
    expect(outage?.cause).toBe(error);
  });

  it.each([
    ['a duplicate', failed(coded('23505'))],
    ['a fault of syntax', failed(coded('42601'))],
    ['a bug', new TypeError('x is not a function')],
    ['no error at all', 'ECONNREFUSED'],
    ['nothing', undefined],
  ])('is not seen in %s', (_name, error) => {
    expect(storeOutage(error)).toBeNull();
  });

  it('does not follow causes in a circle for ever', () => {
    const error = new Error('a');
    error.cause = error;
    expect(storeOutage(error)).toBeNull();
  });
});
