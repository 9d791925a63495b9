import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configExample, configTable } from './cli/config.ts';
import { describeFaults, readConfig, variables } from './config.ts';
import { version } from './version.ts';

const root = join(import.meta.dirname, '../../..');
const secret = 'x'.repeat(32);

function faultsOf(env: Record<string, string>): string[] {
  const read = readConfig(env);
  return 'faults' in read ? read.faults.map((f) => f.name) : [];
}

describe('the configuration', () => {
  it('needs nothing: an empty environment runs embedded with documented defaults', () => {
    const read = readConfig({});
    expect(read).toMatchObject({
      config: { embedded: true, QD_DATA_DIR: '.data', QD_ROLE: 'all', SLO_MEASUREMENT_WINDOW: 30 },
    });
  });

  it('counts empty values as unset', () => {
    expect(readConfig({ DATABASE_URL: ' ', PORT: '' })).toMatchObject({ config: { embedded: true } });
  });

  it('reports every fault at once, secrets that Postgres asks for among them', () => {
    const env = {
      PORT: '99999',
      QD_ROLE: 'boss',
      DATABASE_URL: 'postgres://h/db',
      SESSION_SECRET: 'short',
      QD_TRUST_PROXY: '10.0.0.0/8, nonsense',
    };
    expect(faultsOf(env).toSorted()).toEqual([
      'ENCRYPTION_PASSWORD',
      'PORT',
      'QD_ROLE',
      'QD_TRUST_PROXY',
      'SESSION_SECRET',
    ]);
  });

  it('puts all faults into one message, one line each, with a remedy', () => {
    const read = readConfig({ PORT: 'abc', REDIS_URL: 'http://x' });
    const text = 'faults' in read ? describeFaults(read.faults) : '';
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain('REDIS_URL: give a URL like redis://host:6379');
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '1.5'],
    ['DATABASE_URL', 'mysql://h/db'],
    ['PUBLIC_URL', 'console.example.com'],
    ['QD_DEMO', 'yes'],
    ['QD_DEMO_PASSWORD', 'too short'],
    ['SLO_MEASUREMENT_WINDOW', '0'],
    ['LOG_LEVEL', 'loud'],
    ['SLACK_WEBHOOK_URL', 'hooks.slack.com/services/x'],
    ['ALERT_WEBHOOK_URL', 'http://169.254.169.254/latest'],
    ['ALERT_WEBHOOK_URL', 'http://[fd00:ec2::254]/'],
    ['ALERT_WEBHOOK_SECRET', 'short'],
    ['ALERT_WEBHOOK_SECRET', 'x'.repeat(32)],
    ['ALERT_SLACK_CHANNEL', '#alerts'],
    ['ALERT_SLACK_CHANNEL', '#no channel'],
    ['SMTP_URL', 'http://mail.example.com'],
    ['SMTP_FROM', 'nobody'],
    ['ALERT_EMAIL_TO', 'ops@example.com'],
    ['ALERT_EMAIL_TO', 'ops@example.com, nonsense'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toContain(name);
  });

  it('asks for a sender with a mail server, and reads a list of addresses', () => {
    const env = { SMTP_URL: 'smtps://user:password@mail.example.com', ALERT_EMAIL_TO: 'a@example.com, b@example.com,' };
    expect(faultsOf(env)).toEqual(['SMTP_FROM']);
    expect(readConfig({ ...env, SMTP_FROM: 'Quarterdeck <console@example.com>' })).toMatchObject({
      config: { ALERT_EMAIL_TO: ['a@example.com', 'b@example.com'] },
    });
  });

  it('names a faulty address once, not also what needs it', () => {
    expect(faultsOf({ ALERT_WEBHOOK_URL: 'nonsense', ALERT_WEBHOOK_SECRET: secret })).toEqual(['ALERT_WEBHOOK_URL']);
  });

  it('accepts Postgres with both secrets', () => {
    expect(
      readConfig({ DATABASE_URL: 'postgres://h/db', SESSION_SECRET: secret, ENCRYPTION_PASSWORD: secret }),
    ).toMatchObject({ config: { embedded: false } });
  });
});

describe('its documentation', () => {
  it('.env.example is the generated one', () => {
    expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(configExample());
  });

  it('the table of the README is the generated one and names every variable', () => {
    const table = configTable();
    for (const name of Object.keys(variables)) expect(table).toContain(`\`${name}\``);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(table);
  });

  it('the version is that of the packages', () => {
    for (const path of ['package.json', 'apps/server/package.json']) {
      expect((JSON.parse(readFileSync(join(root, path), 'utf8')) as { version: string }).version).toBe(version);
    }
  });
});
