import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startOidcServer } from '../../../test/oidc-server.ts';
import { openOidc } from '../../open-oidc.ts';
import { oidcContract } from './contract.ts';
import { createFakeOidc } from './fake.ts';

const redirectUri = 'http://localhost:5080/auth/oidc/callback';
const impatient = { timeoutMs: 5_000, retries: 0, retryAfterMs: 1 };

oidcContract('a real provider', async () => {
  const server = await startOidcServer(redirectUri);
  const port = openOidc(impatient);
  const { issuer, clientId, clientSecret } = server;
  return {
    port,
    client: { issuer, clientId, clientSecret, redirectUri },
    signInAt: async (url, subject) => (await server.signInAt(url, subject)).searchParams,
    takeDown: () => server.stop(),
    secrets: [clientSecret],
    async close() {
      port.close();
      await server.stop();
    },
  };
});

oidcContract('fake', async () => {
  const client = {
    issuer: 'https://id.example',
    clientId: 'quarterdeck',
    clientSecret: 'secret of the client',
    redirectUri,
  };
  const fake = createFakeOidc(client);
  return {
    port: fake,
    client,
    signInAt: (url, subject) => fake.signInAt(url, subject),
    takeDown: () => fake.setDown(true),
    secrets: [client.clientSecret],
    close: async () => fake.close(),
  };
});

/** A server that answers every discovery with these words, and counts what else it is asked. */
async function pretender(metadata: (origin: string) => object) {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    res.setHeader('content-type', 'application/json').end(JSON.stringify(metadata(origin)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, asked, issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const endpoints = (origin: string) => ({
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  jwks_uri: `${origin}/keys`,
});
const request = { state: 's'.repeat(43), nonce: 'n'.repeat(43), codeVerifier: 'v'.repeat(43) };

test('a provider that calls itself another is refused', async () => {
  const { server, issuer } = await pretender((origin) => ({ issuer: 'https://id.example', ...endpoints(origin) }));
  const port = openOidc(impatient);
  const client = { issuer, clientId: 'qd', clientSecret: null, redirectUri };
  await expect(port.check(client)).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'issuer' }] });
  port.close();
  server.close();
});

test.each([
  ['a metadata service', 'http://169.254.169.254/token'],
  ['a metadata service over https', 'https://169.254.169.254/token'],
  ['plain http elsewhere', 'http://id.example/token'],
])('a provider that names %s to send codes to is not followed', async (_name, token) => {
  const { server, issuer, asked } = await pretender((origin) => ({
    issuer: origin,
    ...endpoints(origin),
    token_endpoint: token,
  }));
  const port = openOidc(impatient);
  const client = { issuer, clientId: 'qd', clientSecret: 'the secret', redirectUri };
  const query = new URLSearchParams({ code: 'c', state: request.state });
  await expect(port.identify(client, query, request)).rejects.toMatchObject({ code: 'invalid' });
  expect(asked).toEqual(['/.well-known/openid-configuration']);
  port.close();
  server.close();
});

test.each(['http://169.254.169.254', 'https://[fd00:ec2::254]', 'http://id.example', 'https://0x7f.1'])(
  'an issuer at %s is never called with success',
  async (issuer) => {
    const port = openOidc(impatient);
    const client = { issuer, clientId: 'qd', clientSecret: null, redirectUri };
    await expect(port.check(client)).rejects.toMatchObject({ name: 'DomainError' });
    port.close();
  },
);

test('an answer without end is cut off', async () => {
  const server = createServer((_req, res) => {
    res.setHeader('content-type', 'application/json');
    const more = (): void => {
      if (res.writableEnded || res.destroyed) return;
      if (res.write('x'.repeat(65_536))) setImmediate(more);
      else res.once('drain', more);
    };
    more();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = openOidc(impatient);
  const client = { issuer, clientId: 'qd', clientSecret: null, redirectUri };
  await expect(port.check(client)).rejects.toMatchObject({ code: 'upstream' });
  port.close();
  server.closeAllConnections();
  server.close();
});
