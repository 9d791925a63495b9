import { isIP } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { LRUCache } from 'lru-cache';
import { isRefused } from './adapters/metrics/http/address.ts';
import { createTextClient } from './adapters/metrics/http/fetch-text.ts';
import { createResilience, type Resilience, type ResilienceOptions } from './adapters/metrics/http/resilience.ts';
import { createOpenidPort } from './adapters/oidc/openid.ts';
import type { OidcDoor, OidcPort } from './adapters/oidc/port.ts';

/** Keys and metadata of the largest providers are a few tens of kB. */
const MAX_ANSWER_BYTES = 524_288;
const MAX_SERVERS = 100;

const patience: ResilienceOptions = { timeoutMs: 8_000, retries: 2, retryAfterMs: 200, breakAfter: 5, restMs: 30_000 };

/** Identity providers over the network. `options` shortens the patience of tests. */
export function openOidc(options: Partial<ResilienceOptions> = {}): OidcPort {
  return createOpenidPort(openOidcDoor({ ...patience, ...options }));
}

function openOidcDoor(patient: ResilienceOptions): OidcDoor {
  const client = createTextClient({ maxBytes: MAX_ANSWER_BYTES });
  const servers = new LRUCache<string, { reading: Resilience; posting: Resilience }>({ max: MAX_SERVERS });
  const serverOf = (origin: string): { reading: Resilience; posting: Resilience } => {
    const known = servers.get(origin);
    if (known !== undefined) return known;
    // A code is good once: a second attempt at it would only hide what the first met.
    const server = {
      reading: createResilience(origin, patient),
      posting: createResilience(origin, { ...patient, retries: 0 }),
    };
    servers.set(origin, server);
    return server;
  };
  return {
    async fetch({ url, form, headers }) {
      assertCallable(url);
      const { reading, posting } = serverOf(url.origin);
      return (form === null ? reading : posting).run(async (signal) => {
        const request = { url, headers, accept: 'application/json', signal };
        const reply = await client.fetch(form === null ? request : { ...request, form });
        if (reply.status < 500) return reply;
        throw new DomainError('upstream', `${url.origin} failed with status ${reply.status}.`);
      });
    },
    close: () => client.close(),
  };
}

const ownMachine = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What discovery names may point anywhere; names are checked again when they are resolved. */
function assertCallable({ protocol, hostname, origin }: URL): void {
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const isSecure = protocol === 'https:' || (protocol === 'http:' && ownMachine.has(hostname));
  if (isSecure && (isIP(host) === 0 || !isRefused(host))) return;
  const message = isSecure ? 'is at an address that may not be called' : 'must use https';
  throw new DomainError('invalid', `${origin} ${message}.`, { fields: [{ field: 'issuer', message }] });
}
