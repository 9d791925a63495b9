import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { describeError, isWorthRetrying } from './errors.ts';

function wire(message: string, data: object): unknown {
  return TRPCClientError.from({ error: { message, code: -32603, data } });
}

test('a refusal keeps the words and fields of the server', () => {
  const failure = describeError(
    wire('The range ends before it starts.', {
      domainCode: 'invalid',
      fields: [{ field: 'to', message: 'must be after from' }],
      requestId: 'req_1',
    }),
  );
  expect(failure).toMatchObject({
    kind: 'invalid',
    message: 'The range ends before it starts.',
    fields: [{ field: 'to', message: 'Must be after from.' }],
    requestId: 'req_1',
  });
});

test('an unknown fault never shows its text, only the request id', () => {
  const failure = describeError(wire('duplicate key value', { domainCode: null, requestId: 'req_2', fields: 'no' }));
  expect(failure).toMatchObject({
    kind: 'bug',
    message: 'The server failed to answer.',
    requestId: 'req_2',
    fields: [],
  });
});

test('no answer at all is the network', () => {
  expect(describeError(TRPCClientError.from(new TypeError('Failed to fetch'))).kind).toBe('network');
});

test.each([
  ['upstream', true],
  ['forbidden', false],
  ['rate_limited', false],
])('%s is worth retrying: %s', (domainCode, worth) => {
  expect(isWorthRetrying(wire('x', { domainCode }))).toBe(worth);
});
