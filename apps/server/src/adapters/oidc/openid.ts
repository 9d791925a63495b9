import { hash } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { HOUR_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import {
  allowInsecureRequests,
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  type Configuration,
  type CustomFetch,
} from 'openid-client';
import type { OidcClient, OidcDoor, OidcIdentity, OidcPort, OidcRequest } from './port.ts';

const REMEMBERED = 40;
const SCOPE = 'openid email profile';
const MAX_CLAIM = 255;

/** Identity providers through openid-client: discovery, code flow with PKCE, state, nonce, and the signature of every token. */
export function createOpenidPort(door: OidcDoor): OidcPort {
  const found = new LRUCache<string, Configuration>({ max: REMEMBERED, ttl: HOUR_MS });
  const configure = async (client: OidcClient, fresh = false): Promise<Configuration> => {
    const key = keyOf(client);
    const known = fresh ? undefined : found.get(key);
    if (known !== undefined) return known;
    const configuration = await discover(door, client);
    found.set(key, configuration);
    return configuration;
  };
  return {
    async check(client) {
      await configure(client, true);
    },
    async authorizationUrl(client, { state, nonce, codeVerifier }) {
      const configuration = await configure(client);
      return buildAuthorizationUrl(configuration, {
        redirect_uri: client.redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
    },
    async identify(client, query, sent) {
      return identify(await configure(client), client, { query, sent });
    },
    close: () => door.close(),
  };
}

/** The secret is part of what is remembered, and is not kept in the open for it. */
function keyOf({ issuer, clientId, clientSecret }: OidcClient): string {
  return hash('sha256', JSON.stringify([issuer, clientId, clientSecret]), 'base64url');
}

async function discover(door: OidcDoor, client: OidcClient): Promise<Configuration> {
  const { issuer, clientId, clientSecret } = client;
  const url = new URL(issuer);
  const authentication = clientSecret === null ? None() : ClientSecretBasic(clientSecret);
  try {
    return await discovery(url, clientId, { response_types: ['code'] }, authentication, {
      [customFetch]: fetchThrough(door),
      execute: [
        // The signature is checked although the token came over TLS: a proxy may end that.
        enableNonRepudiationChecks,
        // Only issuers on this machine may be plain http; the door sees to it that nothing else is.
        ...(url.protocol === 'http:' ? [allowInsecureRequests] : []),
      ],
    });
  } catch (error) {
    throw outageOf(error) ?? notFound(issuer, error);
  }
}

function fetchThrough(door: OidcDoor): CustomFetch {
  return async (address, { body, headers }) => {
    const form = body instanceof URLSearchParams ? body : typeof body === 'string' ? new URLSearchParams(body) : null;
    const reply = await door.fetch({ url: new URL(address), form, headers });
    return new Response(reply.text === '' ? null : reply.text, {
      status: reply.status,
      headers: { 'content-type': reply.contentType },
    });
  };
}

async function identify(
  configuration: Configuration,
  client: OidcClient,
  { query, sent }: { query: URLSearchParams; sent: OidcRequest },
): Promise<OidcIdentity> {
  const url = new URL(client.redirectUri);
  url.search = query.toString();
  try {
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: sent.state,
      expectedNonce: sent.nonce,
      pkceCodeVerifier: sent.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw misfit('no identity came back');
    return { issuer: claims.iss, subject: claims.sub, email: textOf(claims['email']), name: textOf(claims['name']) };
  } catch (error) {
    if (error instanceof AuthorizationResponseError) {
      throw new DomainError('unauthenticated', 'The provider did not let you in.', { cause: error });
    }
    throw outageOf(error) ?? misfit('what the provider sent back does not fit', error);
  }
}

/** The door's own words for a provider that cannot be reached, however deep they were wrapped. */
function outageOf(error: unknown): DomainError | null {
  let cause: unknown = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if (cause instanceof DomainError) return cause;
    cause = cause.cause;
  }
  return null;
}

function misfit(why: string, cause?: unknown): DomainError {
  return new DomainError('invalid', `The sign-in was refused: ${why}.`, { cause });
}

function notFound(issuer: string, cause: unknown): DomainError {
  const message = 'no OpenID provider answers there; give the issuer exactly as its documentation names it';
  return new DomainError('invalid', `${issuer}: ${message}.`, { cause, fields: [{ field: 'issuer', message }] });
}

function textOf(claim: unknown): string | null {
  return typeof claim === 'string' && claim.length <= MAX_CLAIM ? claim : null;
}
