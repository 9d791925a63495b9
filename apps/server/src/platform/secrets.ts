import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@qd/shared/errors';

export interface Secrets {
  sessionSecret: string;
  encryptionPassword: string;
}

/** Secrets from the configuration; what it leaves out is generated once and kept in the data folder, readable by its owner alone. */
export async function loadSecrets(
  given: { sessionSecret: string | undefined; encryptionPassword: string | undefined },
  dataDir: string,
): Promise<Secrets> {
  if (given.sessionSecret !== undefined && given.encryptionPassword !== undefined) {
    return { sessionSecret: given.sessionSecret, encryptionPassword: given.encryptionPassword };
  }
  const stored = await storedSecrets(dataDir);
  return {
    sessionSecret: given.sessionSecret ?? stored.sessionSecret,
    encryptionPassword: given.encryptionPassword ?? stored.encryptionPassword,
  };
}

async function storedSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const fresh: Secrets = {
      sessionSecret: randomBytes(36).toString('base64url'),
      encryptionPassword: randomBytes(36).toString('base64url'),
    };
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${JSON.stringify(fresh, null, 2)}\n`);
    await file.sync();
    await file.close();
    return fresh;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unusable(dataDir, error);
  }
  return parseSecrets(path, await readStored(path, dataDir));
}

async function readStored(path: string, dataDir: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

function parseSecrets(path: string, text: string): Secrets {
  try {
    const value = JSON.parse(text) as Partial<Secrets>;
    if (typeof value.sessionSecret === 'string' && typeof value.encryptionPassword === 'string') {
      return { sessionSecret: value.sessionSecret, encryptionPassword: value.encryptionPassword };
    }
  } catch (error) {
    throw new DomainError(
      'precondition',
      `${path} is damaged. Restore it from a backup, or delete it and create new API keys.`,
      { cause: error },
    );
  }
  throw new DomainError(
    'precondition',
    `${path} lacks a secret. Restore it from a backup, or delete it and create new API keys.`,
  );
}

function unusable(dataDir: string, cause: unknown): DomainError {
  return new DomainError(
    'precondition',
    `The data folder ${dataDir} cannot be written. Make it writable, or name another in QD_DATA_DIR.`,
    { cause },
  );
}
