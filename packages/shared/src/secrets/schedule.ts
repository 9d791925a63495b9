import type { Cadence } from './cadence.ts';

/** An entry a manual asks for. */
export interface ScheduledSecret extends Cadence {
  name: string;
  description: string;
  procedure: string;
}

const once = { everyDays: null } as const;

/** What the manuals of platforms say of secrets without a key format, by platform: StellarEscrow operations manual, §3.3. */
export const manualSchedules: Readonly<Record<string, readonly ScheduledSecret[]>> = {
  stellarescrow: [
    {
      ...once,
      name: 'POSTGRES_PASSWORD',
      description: 'Password of the database. Also at once after a breach.',
      procedure: 'Change .env and DATABASE_URL, restart Postgres, then every service.',
      cadence: 'yearly',
    },
    {
      ...once,
      name: 'REDIS_PASSWORD',
      description: 'Password of Redis. Also at once after a breach.',
      procedure: 'Change .env and restart Redis; services reconnect by themselves.',
      cadence: 'yearly',
    },
    {
      ...once,
      name: 'API_KEYS',
      description: 'The line of keys the API reads from its environment.',
      procedure:
        'Add the new key beside the old one, restart the API, tell partners, take the old one out a week later.',
      cadence: 'quarterly',
    },
    {
      ...once,
      name: 'ADMIN_KEYS',
      description: 'The line of keys for administration.',
      procedure: 'As for API_KEYS.',
      cadence: 'quarterly',
    },
    {
      ...once,
      name: 'GRAFANA_ADMIN_PASSWORD',
      description: 'Password of the Grafana administrator.',
      procedure: 'Change it in the Grafana profile, then in .env.',
      cadence: 'quarterly',
    },
    {
      ...once,
      name: 'S3 credentials',
      description: 'Access to the store of backups, as its IAM policy asks.',
      procedure: 'Change the credentials, or the IAM role of the instance.',
      cadence: 'manual',
    },
  ],
};
