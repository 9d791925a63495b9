import type { DomainCode, FieldError } from '@qd/shared/errors';

export type FailureKind = DomainCode | 'network' | 'bug';

/** A failure in words for a person: what failed, and what to do about it. */
export interface Failure {
  kind: FailureKind;
  /** What happened, one sentence. The server's own words where it sent any meant to be read. */
  message: string;
  /** What to do next, one sentence. */
  remedy: string;
  fields: readonly FieldError[];
  requestId: string | null;
  retryAfterSeconds: number | null;
}

const remedies: Record<FailureKind, string> = {
  unauthenticated: 'Sign in again; you come back to this page.',
  forbidden: 'Ask an owner or admin for access.',
  not_found: 'It may have been removed. Go back to the list.',
  conflict: 'Someone else changed it first. Read the new state, then decide.',
  invalid: 'Correct the field and try again.',
  precondition: 'Do what the sentence names first, then try again.',
  rate_limited: 'Wait, then try again.',
  step_up: 'Prove that it is you, then the act goes on.',
  upstream: 'What you see is the last good state. Try again in a moment.',
  network: 'Check the connection, then try again. What is on screen stays.',
  bug: 'Try again. If it stays, send the request id to whoever runs this console.',
};

const plain: Partial<Record<FailureKind, string>> = {
  unauthenticated: 'Your session has ended.',
  network: 'The console cannot be reached.',
  bug: 'The server failed to answer.',
};

interface WireData {
  domainCode?: unknown;
  fields?: unknown;
  requestId?: unknown;
  retryAfterSeconds?: unknown;
}

const codes: ReadonlySet<unknown> = new Set<DomainCode>([
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'invalid',
  'precondition',
  'rate_limited',
  'step_up',
  'upstream',
]);

function isCode(value: unknown): value is DomainCode {
  return codes.has(value);
}

function wireData(error: unknown): WireData | null {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null;
  const { data } = error;
  return typeof data === 'object' && data !== null ? data : null;
}

/** A fault of a field as a sentence: the server sends the bare words. */
function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

function isFieldError(value: unknown): value is FieldError {
  return typeof value === 'object' && value !== null && 'field' in value && 'message' in value;
}

function fieldsOf(fields: readonly unknown[]): FieldError[] {
  return fields.filter(isFieldError).map(({ field, message }) => ({ field, message: sentence(message) }));
}

function kindOf(error: unknown, data: WireData | null): FailureKind {
  if (data === null) return 'network';
  return isCode(data.domainCode) ? data.domainCode : 'bug';
}

/** Turns whatever a call threw into words. Never invents a cause. */
export function describeError(error: unknown): Failure {
  const data = wireData(error);
  const kind = kindOf(error, data);
  const said = error instanceof Error ? error.message : '';
  return {
    kind,
    message: plain[kind] ?? (said === '' ? 'The server refused the request.' : said),
    remedy: remedies[kind],
    fields: Array.isArray(data?.fields) ? fieldsOf(data.fields) : [],
    requestId: typeof data?.requestId === 'string' ? data.requestId : null,
    retryAfterSeconds: typeof data?.retryAfterSeconds === 'number' ? data.retryAfterSeconds : null,
  };
}

/** A repeat can only help when the network or something behind the server failed. */
export function isWorthRetrying(error: unknown): boolean {
  const { kind } = describeError(error);
  return kind === 'network' || kind === 'upstream';
}
