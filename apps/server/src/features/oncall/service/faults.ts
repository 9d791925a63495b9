import { DomainError } from '@qd/shared/errors';
import { slotClash, spanFault, type SlotPlan, type Span } from '@qd/shared/oncall';
import type { Tx } from '../../../db/client.ts';
import type { Ctx } from '../../../platform/context.ts';
import { holdCallPerson, type CallPerson } from '../queries/people.ts';
import { selectBeside } from '../queries/slots.ts';

/** An input that cannot be stored, with the field at fault. */
export function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', `Nothing was stored: ${field} ${message}.`, { fields: [{ field, message }] });
}

/** What is said of a slot that is not there, or that the caller may not know of. */
export function noSuchSlot(): DomainError {
  return new DomainError('not_found', 'There is no such slot; check the address.');
}

/** Throws `invalid` with the field at fault for times no slot can have. */
export function assertSpan(ctx: Pick<Ctx, 'now'>, span: Span): void {
  const fault = spanFault(span, ctx.now().getTime());
  if (fault !== null) throw invalid(fault.field, fault.message);
}

/** The person, if they can be on call for the platform. Throws `invalid`, in the same words for nobody at all. */
export async function callPerson(tx: Tx, ctx: Ctx, platform: string, userId: string): Promise<CallPerson> {
  const person = await holdCallPerson(tx, userId, { platform, now: ctx.now() });
  if (person !== null) return person;
  throw invalid('userId', 'names nobody active who may see who is on call for this platform');
}

/** Throws `conflict` when the role is held then, or the person is on call there already; names whom and until when. */
export async function assertFree(tx: Tx, wanted: SlotPlan, exceptId: string | null = null): Promise<void> {
  const clash = slotClash(wanted, await selectBeside(tx, wanted, exceptId));
  if (clash === null) return;
  const { name, role, startsAt, endsAt } = clash.with;
  const held = `${name} is ${role} from ${utc(startsAt)} to ${utc(endsAt)}`;
  const [field, message] =
    clash.kind === 'role_taken'
      ? ['role', `is taken then: ${held}. Hand that slot over, end it, or choose another time`]
      : ['userId', `is on call for this platform then: ${held}. Choose somebody else or another time`];
  throw new DomainError('conflict', `Nothing was stored: ${held}.`, { fields: [{ field, message }] });
}

/** An instant as faults and notes say it. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
