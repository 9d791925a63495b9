import { MANY_PEOPLE, rulesFor, type ApprovalNotice } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import type { BulkAct, BulkInput, BulkOutcome } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { needsApproval } from '../../../../platform/approvals.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse } from '../../../../platform/escalation.ts';
import { recordDenied, write } from '../../../../platform/write.ts';
import { selectPlacesOf } from '../../queries/directory-acts.ts';
import { lockedPerson } from './locked.ts';
import { offboardPerson } from './offboard.ts';
import { endAllSessions } from './sessions.ts';
import { reinstatePerson, suspendPerson } from './state.ts';

/** What a bulk act came to: asked for, or done person by person. */
export interface BulkResult {
  /** Null when it was done at once. */
  approval: ApprovalNotice | null;
  outcomes: BulkOutcome[];
}

interface BulkRule {
  by: Permission;
  /** True for acts that take a second person when they concern many. */
  isRisky: boolean;
  words: string;
  run(ctx: Ctx, input: { id: string; reason: string }): Promise<unknown>;
}

const rules: Readonly<Record<BulkAct, BulkRule>> = {
  suspend: { by: 'users:suspend', isRisky: true, words: 'Suspend', run: suspendPerson },
  reinstate: { by: 'users:suspend', isRisky: false, words: 'Reinstate', run: reinstatePerson },
  end_sessions: { by: 'users:suspend', isRisky: false, words: 'End the sessions of', run: endAllSessions },
  offboard: {
    by: 'users:offboard',
    isRisky: true,
    words: 'Offboard',
    run: (ctx, input) => offboardPerson(ctx, { ...input, keys: [] }),
  },
};

/** The name under which an approved bulk act is carried out. */
export const BULK_ACT = 'users.bulk';

/**
 * One act on many people, each in a transaction of its own and judged alone: who may not be touched is named and the rest is
 * done. Suspending or offboarding more than 25 takes a second person, who agrees to exactly these people: somebody of their
 * platform when all of them belong to one and no other. Throws `forbidden` without the permission of the act, and then for the
 * first person who may not be touched.
 */
export async function bulk(ctx: Ctx, input: BulkInput): Promise<BulkResult> {
  const rule = rules[input.act];
  const approval = rule.isRisky && input.ids.length > MANY_PEOPLE ? await agreed(ctx, input, rule) : null;
  if (approval !== null) return { approval, outcomes: [] };
  const outcomes: BulkOutcome[] = [];
  const denied: string[] = [];
  for (const id of input.ids) {
    const refusal = await attempt(() => rule.run(ctx, { id, reason: input.reason }));
    outcomes.push({ id, done: refusal === null, message: refusal?.message ?? null });
    if (refusal?.code === 'forbidden') denied.push(id);
  }
  if (denied.length > 0) {
    await recordDenied(ctx, {
      action: BULK_ACT,
      category: 'authorization',
      details: { act: input.act, permission: rule.by, people: denied },
    });
  }
  return { approval: null, outcomes };
}

async function agreed(ctx: Ctx, input: BulkInput, rule: BulkRule): Promise<ApprovalNotice | null> {
  const waiting = await write(ctx, async (tx, record) => {
    // In order, so that two bulk acts on the same people wait for each other and never for ever.
    for (const id of input.ids.toSorted()) {
      await lockedPerson(tx, ctx, id);
      assertSomebodyElse(ctx, id, rule.by);
      await assertMayTouch(tx, ctx, id, rule.by);
    }
    const platform = await onlyPlatformOf(tx, input.ids, ctx.now());
    const asked = await needsApproval(
      ctx,
      tx,
      {
        kind: BULK_ACT,
        params: { act: input.act, ids: input.ids, reason: input.reason },
        platform,
        summary: `${rule.words} ${input.ids.length} people`,
        rules: rulesFor([{ kind: 'many_people' }]),
        reason: input.reason,
      },
      record,
    );
    if (asked === null) {
      const details = { act: input.act, people: input.ids.length, reason: input.reason };
      record({ action: 'users.bulk_started', category: 'access', level: 'critical', platform, details });
    }
    return asked;
  });
  if (waiting !== null) ctx.hub.publish('approvals');
  return waiting;
}

/** The one platform on which all of these people have what they have, or null: somebody has it elsewhere too, or nowhere. */
async function onlyPlatformOf(tx: Tx, userIds: readonly string[], now: Date): Promise<string | null> {
  const places = await selectPlacesOf(tx, userIds, now);
  const placed = new Set(places.map((place) => place.userId));
  const [platform, another] = new Set(places.map((place) => place.platform));
  if (platform === undefined || platform === '*' || another !== undefined) return null;
  return userIds.every((id) => placed.has(id)) ? platform : null;
}

async function attempt(run: () => Promise<unknown>): Promise<DomainError | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
