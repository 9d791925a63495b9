import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OidcClient, OidcPort, OidcRequest } from './port.ts';

/** A provider to sign in at, and a way to play the browser there. */
export interface OidcUnderTest {
  port: OidcPort;
  client: OidcClient;
  /** Signs in at the provider as somebody; gives the query the browser comes back with. */
  signInAt(authorizationUrl: URL, subject: string): Promise<URLSearchParams> | URLSearchParams;
  /** From now on the provider does not answer. */
  takeDown(): Promise<void> | void;
  /** Texts that must not be in any error. */
  secrets: readonly string[];
  close(): Promise<void>;
}

const secret = (): string => randomBytes(32).toString('base64url');
const freshRequest = (): OidcRequest => ({ state: secret(), nonce: secret(), codeVerifier: secret() });

/** What every way to identity providers promises, run on each. */
export function oidcContract(name: string, open: () => Promise<OidcUnderTest>): void {
  describe(`oidc contract: ${name}`, () => {
    let under: OidcUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    const goThere = async (request: OidcRequest, subject = 'alice') =>
      under.signInAt(await under.port.authorizationUrl(under.client, request), subject);
    const misfit = { name: 'DomainError', code: 'invalid' };

    test('who signed in there is known by issuer and subject, each time the same', async () => {
      for (const subject of ['alice', 'bob', 'alice']) {
        const request = freshRequest();
        const query = await goThere(request, subject);
        const identity = await under.port.identify(under.client, query, request);
        expect(identity).toMatchObject({ issuer: under.client.issuer, subject });
      }
    });

    test('the address holds neither the verifier nor a secret', async () => {
      const request = freshRequest();
      const url = await under.port.authorizationUrl(under.client, request);
      expect(url.searchParams.get('state')).toBe(request.state);
      expect(url.searchParams.get('redirect_uri')).toBe(under.client.redirectUri);
      for (const hidden of [request.codeVerifier, ...under.secrets]) expect(url.href).not.toContain(hidden);
    });

    test.each(['state', 'nonce', 'codeVerifier'] as const)('another %s is refused', async (part) => {
      const request = freshRequest();
      const query = await goThere(request);
      await expect(under.port.identify(under.client, query, { ...request, [part]: secret() })).rejects.toMatchObject(
        misfit,
      );
    });

    test('a code works once', async () => {
      const request = freshRequest();
      const query = await goThere(request);
      await under.port.identify(under.client, query, request);
      await expect(under.port.identify(under.client, query, request)).rejects.toMatchObject(misfit);
    });

    test.each([
      ['from another issuer', (q: URLSearchParams) => q.set('iss', 'https://evil.example')],
      ['without its issuer', (q: URLSearchParams) => q.delete('iss')],
      ['with a code somebody made up', (q: URLSearchParams) => q.set('code', secret())],
      ['without a code', (q: URLSearchParams) => q.delete('code')],
      ['with two states', (q: URLSearchParams) => q.append('state', 'other')],
    ])('an answer %s is refused', async (_name, change) => {
      const request = freshRequest();
      const query = await goThere(request);
      change(query);
      await expect(under.port.identify(under.client, query, request)).rejects.toMatchObject(misfit);
    });

    test('a code for another address is refused', async () => {
      const request = freshRequest();
      const query = await goThere(request);
      const elsewhere = { ...under.client, redirectUri: 'https://evil.example/auth/oidc/callback' };
      await expect(under.port.identify(elsewhere, query, request)).rejects.toMatchObject(misfit);
    });

    test('a person who is turned away there is not signed in here', async () => {
      const request = freshRequest();
      const refusal = new URLSearchParams({
        error: 'access_denied',
        state: request.state,
        iss: under.client.issuer,
      });
      await expect(under.port.identify(under.client, refusal, request)).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    });

    test('no error tells a secret', async () => {
      const request = freshRequest();
      const query = await goThere(request);
      const error: unknown = await under.port
        .identify(under.client, query, { ...request, codeVerifier: secret() })
        .catch((e: unknown) => e);
      expect(error).toMatchObject(misfit);
      for (const hidden of [request.codeVerifier, ...under.secrets]) expect(String(error)).not.toContain(hidden);
    });

    test('an address without a provider is named', async () => {
      const elsewhere = { ...under.client, issuer: `${under.client.issuer}/nowhere` };
      await expect(under.port.check(elsewhere)).rejects.toMatchObject({ ...misfit, fields: [{ field: 'issuer' }] });
      await under.port.check(under.client);
    });

    test('a provider that is down is an outage', async () => {
      const request = freshRequest();
      const query = await goThere(request);
      await under.takeDown();
      await expect(under.port.identify(under.client, query, request)).rejects.toMatchObject({ code: 'upstream' });
      await expect(under.port.check(under.client)).rejects.toMatchObject({ code: 'upstream' });
    });
  });
}
