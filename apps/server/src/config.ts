import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@qd/shared/users';
import { z } from 'zod';
import { parseCidrs } from './config-cidr.ts';
import { notifyFaults, notifyVariables } from './config-notify.ts';
import { type ConfigFault, url, variable } from './config-variable.ts';

const port = z.coerce.number('give a port number').int().min(0, 'use 0 to 65535').max(65_535, 'use 0 to 65535');
const secret = z.string().min(32, 'use at least 32 characters, e.g. from `openssl rand -base64 48`');
const flag = z.enum(['0', '1'], 'use 0 or 1').transform((v) => v === '1');

/** Every environment variable the console reads. The README's table and `.env.example` are generated from it. */
export const variables = {
  PORT: variable(
    port.optional(),
    '5080, or the next free one',
    'Port of the console: pages, tRPC, REST and live updates.',
  ),
  HOST: variable(z.string().optional(), '127.0.0.1, in the image 0.0.0.0', 'Address to listen on.'),
  PUBLIC_URL: variable(
    url(['http:', 'https:'], 'https://console.example.com').optional(),
    'http://localhost:PORT',
    'Where browsers reach the console; https turns on secure cookies.',
  ),
  DATABASE_URL: variable(
    url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/quarterdeck').optional(),
    'embedded',
    'Postgres 15 or newer. Unset: an embedded Postgres under the data folder.',
  ),
  REDIS_URL: variable(
    url(['redis:', 'rediss:'], 'redis://host:6379').optional(),
    'in-process',
    'Redis or Valkey for live updates between replicas. Unset: inside the process.',
  ),
  QD_DATA_DIR: variable(
    z.string().default('.data'),
    '.data',
    'Folder of the embedded database, generated secrets and the control socket.',
  ),
  QD_AUDIT_DIR: variable(
    z.string().optional(),
    'audit under QD_DATA_DIR',
    'Folder for checkpoints and archives of the audit log and the ledger of ended keys; on another disk, shared by all replicas, so that restoring the database leaves it alone.',
  ),
  QD_DEMO: variable(flag.optional(), '1 when embedded and empty, else 0', 'Load the demo platforms on first start.'),
  QD_DEMO_PASSWORD: variable(
    z
      .string()
      .min(MIN_PASSWORD_LENGTH, `use at least ${MIN_PASSWORD_LENGTH} characters`)
      .max(MAX_PASSWORD_LENGTH)
      .optional(),
    'random, printed once',
    'Password of the demo accounts.',
  ),
  QD_ROLE: variable(
    z.enum(['all', 'web', 'worker'], 'use all, web or worker').default('all'),
    'all',
    'Serve pages, run jobs, or both.',
  ),
  QD_TRUST_PROXY: variable(
    z.string().transform(parseCidrs).optional(),
    'none',
    'Comma-separated CIDR ranges of proxies whose X-Forwarded-For is believed.',
  ),
  SESSION_SECRET: variable(
    secret.optional(),
    'generated when embedded',
    'Keys the sign-in throttle. Required with DATABASE_URL.',
  ),
  ENCRYPTION_PASSWORD: variable(
    secret.optional(),
    'generated when embedded',
    'Keys API keys, recovery codes and sealed secrets. Required with DATABASE_URL; losing it ends them all.',
  ),
  API_KEY_PEPPER: variable(
    secret.optional(),
    'derived from ENCRYPTION_PASSWORD',
    'Keys the hashes of API keys. To replace it, move the former one to API_KEY_PEPPER_PREVIOUS; keys follow as they are used.',
  ),
  API_KEY_PEPPER_PREVIOUS: variable(
    secret.optional(),
    'none',
    'Former API_KEY_PEPPER, needed until `qd keys pepper` shows that no key is left under it.',
  ),
  PROMETHEUS_PORT: variable(port.optional(), 'none', 'Serve /metrics on a port of its own, without a key.'),
  SLO_MEASUREMENT_WINDOW: variable(
    z.coerce
      .number('give a number of days')
      .int()
      .min(1, 'use 1 to 366 days')
      .max(366, 'use 1 to 366 days')
      .default(30),
    '30',
    'Window in days of objectives that name none.',
  ),
  ...notifyVariables,
  LOG_LEVEL: variable(
    z
      .string()
      .transform((v) => v.toLowerCase())
      .pipe(
        z.enum(
          ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
          'use trace, debug, info, warn, error, fatal or silent',
        ),
      )
      .optional(),
    'warn when embedded, else info',
    'Least severe log line written.',
  ),
} as const;

type Variables = typeof variables;
type Values = { [K in keyof Variables]: z.output<Variables[K]['schema']> };

/** What the rest of the program gets. Values, never the environment. */
export type Config = Values & { embedded: boolean };

/** Reads and checks the whole environment. Gives the configuration, or every fault at once; empty values count as unset. */
export function readConfig(env: Record<string, string | undefined>): { config: Config } | { faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(variables)) {
    const raw = env[name]?.trim();
    const parsed = schema.safeParse(raw === '' ? undefined : raw);
    if (parsed.success) values[name] = parsed.data;
    else faults.push({ name, message: parsed.error.issues.map((i) => i.message).join('; ') });
  }
  const embedded = env['DATABASE_URL'] === undefined || env['DATABASE_URL'].trim() === '';
  if (!embedded) faults.push(...missingSecrets(values, faults));
  faults.push(...notifyFaults(values, faults));
  if (faults.length > 0) return { faults };
  return { config: { ...(values as Values), embedded } };
}

function missingSecrets(values: Record<string, unknown>, faults: ConfigFault[]): ConfigFault[] {
  return ['SESSION_SECRET', 'ENCRYPTION_PASSWORD']
    .filter((name) => values[name] === undefined && !faults.some((f) => f.name === name))
    .map((name) => ({
      name,
      message: 'is required with DATABASE_URL; use at least 32 characters, e.g. from `openssl rand -base64 48`',
    }));
}

/** The message printed when the configuration cannot be used: all faults, one per line. */
export function describeFaults(faults: ConfigFault[]): string {
  const lines = faults.map((f) => `  ${f.name}: ${f.message}`);
  return `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing was started.\n${lines.join('\n')}`;
}
