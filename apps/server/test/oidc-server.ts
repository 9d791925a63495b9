import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';

/**
 * A real identity provider on loopback that lets everybody in as whoever they want to be: a browser gets a form that asks for
 * an account and an address, which is vouched for without being verified, and is remembered by a cookie.
 */
export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Plays a browser that signs in there as `subject`; gives the address it is sent back to. */
  signInAt(authorizationUrl: URL, subject: string): Promise<URL>;
  /** From now on nobody listens. */
  stop(): Promise<void>;
}

const clientId = 'quarterdeck';
const clientSecret = 'a secret of this client, long enough';

/** What lives here as long as a test may take on a slow machine. */
const LIFE_SECONDS = 600;

const form = `<!doctype html><html lang="en"><title>Example ID</title><h1>Who are you?</h1><form method="post">
<label>Account <input name="account"></label><label>Address <input name="email"></label><button>Go on</button></form>`;

/** Starts a provider that knows one client, whose people come back to `redirectUri`. */
export async function startOidcServer(redirectUri: string): Promise<OidcServer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let subject = '';
  const emails = new Map<string, string>();
  const provider = createProvider(issuer, redirectUri, emails);
  const callback = provider.callback();
  server.on('request', (req, res) => {
    if (!req.url?.startsWith('/interaction/')) {
      callback(req, res);
      return;
    }
    const login = (accountId: string): Promise<void> =>
      provider.interactionFinished(req, res, { login: { accountId } }, { mergeWithLastSubmission: false });
    if (subject !== '') login(subject).catch(() => res.destroy());
    else if (req.method !== 'POST') res.setHeader('content-type', 'text/html').end(form);
    else
      filledIn(req)
        .then(({ account, email }) => {
          emails.set(account, email);
          return login(account);
        })
        .catch(() => res.destroy());
  });
  return {
    issuer,
    clientId,
    clientSecret,
    async signInAt(url, as) {
      subject = as;
      try {
        return await browse(url, redirectUri);
      } finally {
        subject = '';
      }
    },
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function filledIn(req: IncomingMessage): Promise<{ account: string; email: string }> {
  const fields = new URLSearchParams(await text(req));
  return { account: fields.get('account') ?? '', email: fields.get('email') ?? '' };
}

function createProvider(issuer: string, redirectUri: string, emails: ReadonlyMap<string, string>): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [key] },
    cookies: { keys: ['a key for cookies of tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // As large providers do: the claims stand in the token itself.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: LIFE_SECONDS,
      AuthorizationCode: LIFE_SECONDS,
      Grant: LIFE_SECONDS,
      IdToken: LIFE_SECONDS,
      Interaction: LIFE_SECONDS,
      Session: LIFE_SECONDS,
    },
    findAccount: async (_ctx, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        email: emails.get(id) ?? `${id}@id.example`,
        email_verified: false,
        name: id,
      }),
    }),
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  return provider;
}

/** Follows redirects with a cookie jar of its own until the provider sends the browser back. */
async function browse(start: URL, redirectUri: string): Promise<URL> {
  const jar = new Map<string, string>();
  let url = start;
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url);
    if (url.href.startsWith(redirectUri)) return url;
  }
  throw new Error('the provider sent the browser round in circles');
}
