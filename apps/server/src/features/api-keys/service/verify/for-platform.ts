import type { refusedKey, VerifiedKeyAnswer, VerifyKeyInput } from '@qd/shared/api-keys';
import { platformsWith } from '@qd/shared/permissions';
import type { z } from 'zod';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { Keys, KeyVerdict } from '../verifier.ts';

type Refused = z.output<typeof refusedKey> & { retryAfterSeconds?: number | undefined };

/** One and the same for whatever makes a key invalid, so that nobody learns which keys there are. */
const invalid: Refused = {
  valid: false,
  type: 'about:blank',
  title: 'Not a valid key',
  status: 401,
  detail: 'The key is not valid here; ask its owner for a valid one.',
  code: 'AUTH_001',
};
const beyondScope: Refused = {
  ...invalid,
  title: 'Not allowed',
  status: 403,
  detail: 'The key is valid, but it may not do this.',
  code: 'AUTH_002',
};
const tooMany: Refused = {
  ...invalid,
  title: 'Too many requests',
  status: 429,
  detail: 'The key has used up its calls for this minute; wait.',
  code: 'API_001',
};

/**
 * Answers a platform that was shown a key: valid, with what it may do, or refused. Why exactly is recorded with the key and not
 * said. A key of a platform the asker may not ask about is unknown to it. Throws `forbidden` or `not_found` when the asker may
 * not ask about the platform it names.
 */
export async function verifyForPlatform(
  ctx: Ctx,
  keys: Keys,
  input: VerifyKeyInput,
): Promise<VerifiedKeyAnswer | Refused> {
  const { key: text, permission, platform, environment } = input;
  if (platform !== undefined) assertCan(ctx, 'keys:verify', platform, 'platform');
  const verdict = await keys.inquire(text, {
    from: { ...bearerOf(input), requestId: ctx.requestId },
    platforms: platformsWith(ctx.actor.grants, 'keys:verify'),
    permission,
    platform,
    environment,
  });
  return verdict.valid ? answerOf(verdict) : refusalOf(verdict);
}

/** Who presented the key, as far as the platform says. */
function bearerOf({ client, consumer }: VerifyKeyInput): { address: string | null; agent: string | null } {
  return { address: client?.address ?? null, agent: client?.agent ?? consumer ?? null };
}

function refusalOf({ reason, retryAfterSeconds }: Extract<KeyVerdict, { valid: false }>): Refused {
  if (reason === 'scope') return beyondScope;
  return reason === 'rate_limited' ? { ...tooMany, retryAfterSeconds } : invalid;
}

function answerOf({ key, scopes, rate }: Extract<KeyVerdict, { valid: true }>): VerifiedKeyAnswer {
  const { limitPerMin = 0, remaining = 0, resetsAt = 0 } = rate ?? {};
  return {
    valid: true,
    keyId: key.id,
    platform: key.platform,
    environment: key.environment,
    permissions: [...scopes.platform, ...scopes.console],
    expiresAt: key.expiresAt?.getTime() ?? null,
    ...(key.endsAt === null ? {} : { endsAt: key.endsAt.getTime() }),
    rateLimit: rate === null ? null : { limitPerMin, remaining, resetsAt },
  };
}
