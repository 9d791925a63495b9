import type { AcknowledgementView, ClaimView, DrawnKey } from '@qd/shared/api-keys';
import type {
  AcceptInviteThroughInput,
  InvitationView,
  OidcStart,
  ResetLinkView,
  SecondFactorAnswer,
  SignInAnswer,
  SignInProvider,
} from '@qd/shared/users';
import type { ApiInputs, ApiOutputs, SessionView } from './api.ts';

/**
 * Calls of the pages before sign-in, in tRPC's own wire format over plain fetch: those pages must load without the
 * cache and the client that the product behind them needs.
 */
async function answerOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'result' in body) {
    // The server's router types what it sends; only this console is ever asked.
    return (body.result as { data: T }).data;
  }
  throw refusal(body, response.status);
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** An error that `describeError` can read, as the client library throws it. */
function refusal(body: unknown, status: number): Error {
  const message = part(part(body, 'error'), 'message');
  if (typeof message === 'string') {
    return Object.assign(new Error(message), { data: part(part(body, 'error'), 'data') ?? {} });
  }
  // Before the console is ready, or behind a proxy, something else than its calls may answer.
  const detail = part(body, 'detail');
  const data = { domainCode: status >= 500 ? 'upstream' : null };
  return Object.assign(new Error(typeof detail === 'string' ? detail : `The server answered ${status}.`), { data });
}

const headers = { 'x-qd': '1' };

/** Who is signed in, and whether anyone can be. */
export async function askSession(signal?: AbortSignal): Promise<SessionView> {
  const response = await fetch('/trpc/session.get', { headers, ...(signal && { signal }) });
  return answerOf<SessionView>(response);
}

/** Ways in besides a password, by the name the sign-in page gives them. */
export async function askProviders(signal: AbortSignal): Promise<SignInProvider[]> {
  return answerOf<SignInProvider[]>(await fetch('/trpc/session.providers', { headers, signal }));
}

async function post<T>(path: string, input?: unknown): Promise<T> {
  const response = await fetch(`/trpc/${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    ...(input !== undefined && { body: JSON.stringify(input) }),
  });
  return answerOf<T>(response);
}

/** Shows a password: in, or asked for a second factor. */
export function signIn(input: ApiInputs['session']['signIn']): Promise<SignInAnswer> {
  return post('session.signIn', input);
}

/** Shows a code after the password. */
export function showSecondFactor(input: ApiInputs['session']['secondFactor']): Promise<SecondFactorAnswer> {
  return post('session.secondFactor', input);
}

/** What the browser is to be asked for a passkey of whoever sits there. */
export function askForPasskey(): Promise<ApiOutputs['session']['passkeyOptions']> {
  return post('session.passkeyOptions');
}

/** Shows a passkey, which is enough alone. */
export function signInWithPasskey(input: ApiInputs['session']['signInWithPasskey']): Promise<SignInAnswer> {
  return post('session.signInWithPasskey', input);
}

export function createOwner(input: ApiInputs['session']['createOwner']): Promise<{ ok: true }> {
  return post('session.createOwner', input);
}

/** Who invites, and to what. */
export function lookAtInvitation(token: string): Promise<InvitationView> {
  return post('session.invitation', { token });
}

/** Comes in by an invitation, with a password of one's own. */
export function acceptInvite(input: ApiInputs['session']['acceptInvite']): Promise<{ ok: true }> {
  return post('session.acceptInvite', input);
}

/** Comes in by an invitation through an identity provider: gives the page to go on to. */
export function acceptInviteThrough(input: AcceptInviteThroughInput): Promise<OidcStart> {
  return post('session.acceptInviteThrough', input);
}

/** What a link back in will do, and for whom. */
export function lookAtResetLink(token: string): Promise<ResetLinkView> {
  return post('session.resetLink', { token });
}

/** Uses a link back in. */
export function spendResetLink(
  input: ApiInputs['session']['useResetLink'],
): Promise<ApiOutputs['session']['useResetLink']> {
  return post('session.useResetLink', input);
}

/** What key a claim link is for. */
export function lookAtClaim(token: string): Promise<ClaimView> {
  return post('apiKeys.claims.look', { token });
}

/** Draws the key of a claim link, once. */
export function drawKey(token: string): Promise<DrawnKey> {
  return post('apiKeys.claims.take', { token });
}

/** Which key's end a notice speaks of. */
export function lookAtKeyNotice(token: string): Promise<AcknowledgementView> {
  return post('apiKeys.rotation.acknowledgement.look', { token });
}

/** Says that its end is known. */
export function confirmKeyNotice(token: string): Promise<AcknowledgementView> {
  return post('apiKeys.rotation.acknowledgement.confirm', { token });
}
