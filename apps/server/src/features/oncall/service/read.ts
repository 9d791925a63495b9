import { DomainError } from '@qd/shared/errors';
import {
  coverageGaps,
  heldSpan,
  horizon,
  nextOnCall,
  onCallAt,
  slotState,
  type CoverageInput,
  type ListSlotsInput,
  type PlatformGaps,
  type PlatformOnCall,
  type SlotPeopleInput,
  type SlotPerson,
  type SlotView,
  type Span,
} from '@qd/shared/oncall';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import { emailKey } from '@qd/shared/users';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectCallPeople, selectPersonId } from '../queries/people.ts';
import { selectPlatforms, selectSlot, selectSlots, selectSlotsWithin, type HeldSlot } from '../queries/slots.ts';
import { noSuchSlot } from './faults.ts';

const MAX_GAPS = 50;
const MAX_PEOPLE = 20;

/** One page of slots on platforms the caller may see, by their start. The cursor is the last id; `asOf` is epoch ms. */
export async function listSlots(ctx: Ctx, input: ListSlotsInput): Promise<Page<SlotView> & { asOf: number }> {
  const { userId, calledOff, limit, cursor } = input;
  const [from, to] = [input.from, input.to].map((at) => (at === undefined ? undefined : new Date(at)));
  const scope = { platforms: visiblePlatforms(ctx, input.platform), userId, from, to, calledOff };
  const found = await selectSlots(ctx.db, scope, { afterId: cursor ?? null, limit });
  const page = found.slice(0, limit);
  const now = ctx.now();
  return {
    rows: page.map((row) => slotView(row, now)),
    nextCursor: found.length > limit ? (page.at(-1)?.slot.id ?? null) : null,
    asOf: now.getTime(),
  };
}

/** Who is on call for each platform the caller may see, by name, and who comes next within 14 days. */
export async function onCallNow(
  ctx: Ctx,
  input: CoverageInput,
): Promise<{ platforms: PlatformOnCall[]; asOf: number }> {
  const { now, platforms } = await readHorizon(ctx, input);
  const nowMs = now.getTime();
  return {
    platforms: platforms.map(({ id, name, slots }) => ({
      platform: id,
      name,
      primary: onCallAt(slots, 'primary', nowMs),
      secondary: onCallAt(slots, 'secondary', nowMs),
      nextPrimary: nextOnCall(slots, 'primary', nowMs),
      nextSecondary: nextOnCall(slots, 'secondary', nowMs),
    })),
    asOf: nowMs,
  };
}

/** Time without a primary in the next 14 days, of each platform the caller may see, by name. */
export async function listGaps(ctx: Ctx, input: CoverageInput): Promise<{ platforms: PlatformGaps[]; asOf: number }> {
  const { now, within, platforms } = await readHorizon(ctx, input);
  return {
    platforms: platforms.map(({ id, name, slots }) => {
      const gaps = coverageGaps(within, slots);
      return {
        platform: id,
        name,
        gaps: gaps.slice(0, MAX_GAPS),
        gapCount: gaps.length,
        gapMs: lengthOf(gaps),
        nobodyMs: lengthOf(gaps.filter((gap) => !gap.hasSecondary)),
      };
    }),
    asOf: now.getTime(),
  };
}

/** One slot. Throws `not_found` or `forbidden`. */
export async function getSlot(ctx: Ctx, id: string): Promise<SlotView> {
  const found = await selectSlot(ctx.db, id);
  if (found === null) throw noSuchSlot();
  assertCan(ctx, 'oncall:read', found.slot.platformId, 'slot');
  return slotView(found, ctx.now());
}

/** Id of the person with an address. Throws `invalid` for nobody. */
export async function findPerson(ctx: Pick<Ctx, 'db'>, email: string): Promise<string> {
  const id = await selectPersonId(ctx.db, emailKey(email.trim()));
  if (id !== null) return id;
  throw new DomainError('invalid', `Nobody here has the address ${email.slice(0, 100)}.`);
}

/** Who can be put on call for a platform: the first 20 by address. Throws `forbidden`, or `not_found` for what the caller may not see. */
export async function listSlotPeople(ctx: Ctx, { platform, search }: SlotPeopleInput): Promise<SlotPerson[]> {
  assertCan(ctx, 'oncall:write', platform, 'platform');
  const found = await selectCallPeople(ctx.db, { platform, search, now: ctx.now(), limit: MAX_PEOPLE });
  return found.map(({ id, name, email }) => ({ id, name, email }));
}

async function readHorizon(ctx: Ctx, input: CoverageInput) {
  const now = ctx.now();
  const within = horizon(now.getTime());
  const visible = visiblePlatforms(ctx, input.platform);
  const found = await selectSlotsWithin(ctx.db, visible, within);
  const views = found.map((row) => slotView(row, now));
  const platforms = (await selectPlatforms(ctx.db, visible)).map(({ id, name }) => ({
    id,
    name,
    slots: views.filter((slot) => slot.platform === id),
  }));
  return { now, within, platforms };
}

function visiblePlatforms(ctx: Pick<Ctx, 'actor'>, platform: string | undefined): '*' | string[] {
  const allowed = platformsWith(ctx.actor.grants, 'oncall:read');
  if (platform === undefined) return allowed;
  return allowed === '*' || allowed.includes(platform) ? [platform] : [];
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.endsAt - span.startsAt, 0);
}

/** A slot as people see it. */
export function slotView({ slot, person, endedByName }: HeldSlot, now: Date): SlotView {
  const { id, platformId, role, note, version, isDemo, endedAt } = slot;
  const plannedEndsAt = slot.endsAt.getTime();
  const endedAtMs = endedAt?.getTime() ?? null;
  const held = heldSpan({ startsAt: slot.startsAt.getTime(), endsAt: plannedEndsAt, endedAt: endedAtMs });
  return {
    id,
    platform: platformId,
    role,
    person,
    ...held,
    plannedEndsAt,
    note,
    state: endedAtMs === null ? slotState(held, now.getTime()) : 'over',
    version,
    ended: endedAtMs === null ? null : { at: endedAtMs, by: endedByName, reason: slot.endedReason ?? '' },
    isDemo,
    createdAt: slot.createdAt.getTime(),
  };
}
