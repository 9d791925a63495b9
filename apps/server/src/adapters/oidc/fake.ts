import { hash, randomBytes } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import type { OidcClient, OidcIdentity, OidcPort } from './port.ts';

interface Issued {
  client: OidcClient;
  nonce: string;
  challenge: string;
  identity: Pick<OidcIdentity, 'subject' | 'email' | 'name'>;
}

/** An identity provider in memory that keeps the promises of a real one. */
export interface FakeOidc extends OidcPort {
  /** Plays the browser at the provider: signs in as somebody and gives the query it comes back with. */
  signInAt(authorizationUrl: URL, subject: string): URLSearchParams;
  /** From now on the provider does not answer; false ends it. */
  setDown(isDown: boolean): void;
}

/** A provider at `issuer` that knows `clientId`; people there are called as they say. */
export function createFakeOidc(known: { issuer: string; clientId: string }): FakeOidc {
  const codes = new Map<string, Issued>();
  let isDown = false;
  const answering = ({ issuer }: OidcClient): void => {
    if (isDown) throw new DomainError('upstream', 'The provider does not answer.');
    if (issuer !== known.issuer) {
      throw new DomainError('invalid', 'No provider answers there.', {
        fields: [{ field: 'issuer', message: 'is no provider' }],
      });
    }
  };
  return {
    async check(client) {
      answering(client);
    },
    async authorizationUrl(client, { state, nonce, codeVerifier }) {
      answering(client);
      const url = new URL('/authorize', known.issuer);
      const challenge = hash('sha256', codeVerifier, 'base64url');
      const query = { state, nonce, code_challenge: challenge, client_id: client.clientId };
      url.search = new URLSearchParams({ ...query, redirect_uri: client.redirectUri }).toString();
      return url;
    },
    async identify(client, query, sent) {
      answering(client);
      if (query.getAll('state').join() !== sent.state) throw misfit('state');
      if (query.get('iss') !== known.issuer) throw misfit('issuer');
      if (query.has('error')) throw new DomainError('unauthenticated', 'The provider did not let you in.');
      const code = query.get('code') ?? '';
      const issued = codes.get(code);
      codes.delete(code);
      if (issued === undefined) throw misfit('code');
      if (issued.challenge !== hash('sha256', sent.codeVerifier, 'base64url')) throw misfit('verifier');
      if (issued.nonce !== sent.nonce) throw misfit('nonce');
      if (issued.client.redirectUri !== client.redirectUri || issued.client.clientId !== client.clientId) {
        throw misfit('client');
      }
      return { issuer: known.issuer, ...issued.identity };
    },
    close: () => undefined,
    signInAt(url, subject) {
      const of = (name: string): string => url.searchParams.get(name) ?? '';
      const code = randomBytes(16).toString('base64url');
      const client = { ...known, clientId: of('client_id'), clientSecret: null, redirectUri: of('redirect_uri') };
      const identity = { subject, email: `${subject}@id.example`, name: subject };
      codes.set(code, { client, nonce: of('nonce'), challenge: of('code_challenge'), identity });
      return new URLSearchParams({ code, state: of('state'), iss: known.issuer });
    },
    setDown(down) {
      isDown = down;
    },
  };
}

function misfit(what: string): DomainError {
  return new DomainError('invalid', `The sign-in was refused: the ${what} does not fit.`);
}
