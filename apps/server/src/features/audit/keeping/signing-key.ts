import { DomainError } from '@qd/shared/errors';
import { z } from 'zod';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { insertSigningKey, selectSigningKey } from '../queries/keeping.ts';
import type { AuditDeps } from './deps.ts';
import { createNoteSigner, generateNoteKey, readVerifier, type NoteSigner, type Verifier } from './note.ts';

/** What the private key is sealed for. */
const PLACE = 'facts:audit.signing_key';

const storedKey = z.object({ verifierKey: z.string(), sealed: z.base64() });

/** The key that checks this console's checkpoints, or null before the first one. */
export async function loadVerifier(ctx: Pick<Ctx, 'db'>): Promise<Verifier | null> {
  const stored = storedKey.safeParse(await selectSigningKey(ctx.db));
  return stored.success ? readVerifier(stored.data.verifierKey) : null;
}

/** The key checkpoints are signed with; made once. Throws `precondition` when it was sealed with another ENCRYPTION_PASSWORD. */
export async function loadSigner(ctx: Pick<Ctx, 'db' | 'now'>, { sealing, keeping }: AuditDeps): Promise<NoteSigner> {
  const found = storedKey.safeParse(await selectSigningKey(ctx.db));
  const stored = found.success ? found.data : await makeKey(ctx, sealing);
  const signer = createNoteSigner(openKey(sealing, stored.sealed));
  await keeping.pinKey(signer.verifier.text);
  return signer;
}

async function makeKey(
  ctx: Pick<Ctx, 'db' | 'now'>,
  sealing: AuditDeps['sealing'],
): Promise<z.output<typeof storedKey>> {
  const { privateKey, verifierKey } = generateNoteKey();
  const sealed = Buffer.from(sealing.seal(privateKey, PLACE)).toString('base64');
  await ingest(ctx, (tx) => insertSigningKey(tx, { verifierKey, sealed }, ctx.now()));
  // Another replica may have been first.
  return storedKey.parse(await selectSigningKey(ctx.db));
}

function openKey(sealing: AuditDeps['sealing'], sealed: string): string {
  try {
    return sealing.open(Buffer.from(sealed, 'base64'), PLACE);
  } catch (error) {
    throw new DomainError(
      'precondition',
      'The key that signs the audit log cannot be opened; set the ENCRYPTION_PASSWORD it was made with.',
      { cause: error },
    );
  }
}
