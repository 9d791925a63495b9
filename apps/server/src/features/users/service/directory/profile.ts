import { DomainError } from '@qd/shared/errors';
import { emailKey, type UpdateProfileInput } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse } from '../../../../platform/escalation.ts';
import { write } from '../../../../platform/write.ts';
import { updateProfileRow, type LockedPerson } from '../../queries/directory-acts.ts';
import { addressTaken } from '../bootstrap.ts';
import { lockedPerson, nameOf, tell } from './locked.ts';

/**
 * Changes a person's name or address; both mailboxes are told of a new address. Throws `conflict` when somebody changed the
 * person since (naming what they are now) or has the address, `forbidden` for a more powerful person and for one's own address.
 */
export async function updateProfile(ctx: Ctx, input: UpdateProfileInput): Promise<{ version: number }> {
  const version = await write(ctx, async (tx, record) => {
    const person = await lockedPerson(tx, ctx, input.id);
    await assertMayTouch(tx, ctx, person.id, 'users:write');
    if (person.state === 'offboarded') throw new DomainError('precondition', 'Who left is kept as they were.');
    if (person.version !== input.version) throw changedMeanwhile(person);
    const { name = person.name, email = person.email } = input;
    const isMoved = email !== person.email;
    // A stolen session must not be able to move the account to another mailbox.
    if (isMoved) assertSomebodyElse(ctx, person.id, 'users:write');
    if (!(await updateProfileRow(tx, person.id, { name, email, emailKey: emailKey(email) }))) throw addressTaken();
    record({
      action: 'users.profile_updated',
      category: 'access',
      level: isMoved ? 'warning' : 'info',
      target: { kind: 'user', id: person.id },
      before: { name: person.name, email: person.email },
      after: { name, email },
    });
    if (isMoved) {
      const facts = { by: nameOf(ctx.actor), from: person.email, to: email };
      await tell(tx, ctx, person, { topic: 'users.email_changed', facts });
      await tell(tx, ctx, { ...person, email }, { topic: 'users.email_changed', facts });
    }
    return person.version + 1;
  });
  ctx.hub.publish('users');
  return { version };
}

function changedMeanwhile({ name, email, version }: LockedPerson): DomainError {
  return new DomainError('conflict', `Somebody changed this person meanwhile; they are now ${name}, ${email}.`, {
    fields: [
      { field: 'name', message: `is now ${name}` },
      { field: 'email', message: `is now ${email}` },
      { field: 'version', message: `is now ${version}` },
    ],
  });
}
