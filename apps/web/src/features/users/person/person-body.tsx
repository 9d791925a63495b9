import type { PersonView } from '@qd/shared/users';
import { useState } from 'react';
import { Link } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { AccountsSection } from './accounts-section.tsx';
import { InvitationSection } from './invitation-section.tsx';
import { PersonActs } from './person-acts.tsx';
import { PersonFacts } from './person-facts.tsx';
import { ProfileForm } from './profile-form.tsx';
import { RecentSection } from './recent-section.tsx';
import { ResetSection } from './reset-section.tsx';
import { RolesSection } from './roles-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { useOutOfReach, useWhyNot } from './why-not.ts';

/** Everything about a person: what they are, may do and did, and what can be done about it. */
export function PersonBody({ person, now }: { person: PersonView; now: number }) {
  const [isEditing, setIsEditing] = useState(false);
  const whyNot = useWhyNot(person);
  const outOfReach = useOutOfReach(person);
  const to = useTo();
  const can = useCan();
  return (
    <>
      <PersonFacts person={person} now={now} />
      {outOfReach !== null && (
        <p className="mt-3 flex items-start gap-2 bg-sunken px-2.5 py-2 text-ink-2">
          <Icon name="lock" size={14} className="mt-1" />
          <span className="min-w-0">{outOfReach}</span>
        </p>
      )}
      {isEditing ? (
        <ProfileForm person={person} onClose={() => setIsEditing(false)} />
      ) : (
        <div className="mt-2.5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button size="s" icon="pencil" disabledReason={whyNot('update')} onClick={() => setIsEditing(true)}>
            Edit profile
          </Button>
          {can('roles:read') && (
            <Link to={to(paths.explain, { person: person.id })} className={linkClass}>
              Why can they…
            </Link>
          )}
          {can('api-keys:deliver') && person.state === 'active' && person.memberships.length > 0 && (
            <Link to={to(paths.keyNew, { person: person.id })} className={linkClass}>
              Send a key by link
            </Link>
          )}
        </div>
      )}
      <InvitationSection person={person} now={now} />
      <RolesSection person={person} now={now} />
      <AccountsSection person={person} now={now} />
      <ResetSection person={person} now={now} />
      <SessionsSection person={person} now={now} />
      <RecentSection person={person} now={now} />
      <PersonActs person={person} />
    </>
  );
}
