import type { BlastRadius } from '@qd/shared/users';
import type { ReactNode } from 'react';
import { usePlatformNames } from '../use-platform-names.ts';
import { KeyChoiceLine, type KeyChoice, type KeyChoices } from './key-choice.tsx';
import { LeaverSlots } from './leaver-slots.tsx';
import { LeftBehindLine } from './left-behind-line.tsx';

export interface OffboardRadiusProps {
  radius: BlastRadius;
  choices: KeyChoices;
  onChoose(keyId: string, choice: KeyChoice): void;
}

/** What ends, line by line, and what stays for others. */
export function OffboardRadius({ radius, choices, onChoose }: OffboardRadiusProps) {
  const { nameOf } = usePlatformNames();
  return (
    <dl aria-label="What ends" className="mb-3 grid grid-cols-[84px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <dt className="text-ink-3">Sessions</dt>
      <dd>{radius.sessions === 1 ? '1 session ends' : `${radius.sessions} sessions end`}</dd>
      <Lines name="Roles" items={radius.grants.map((grant) => `${grant.title} on ${nameOf(grant.platform)}`)} />
      <Lines name="Accounts" items={radius.memberships.map((one) => `${one.title} on ${nameOf(one.platform)}`)} />
      <LeaverSlots onCall={radius.onCall} />
      <Lines name="Requests" items={radius.approvals.map((one) => `${one.summary} (cancelled)`)} />
      <Lines name="Invitations" items={radius.invitations.map((one) => `${one.email} (revoked)`)} />
      <Lines
        name="Stays"
        items={radius.leftBehind.map((one) => (
          <LeftBehindLine key={one.id} left={one} platformName={nameOf(one.platform)} />
        ))}
      />
      <dt className="text-ink-3">API keys</dt>
      <dd className="grid gap-1.5">
        {radius.keys.length === 0
          ? 'none'
          : radius.keys.map((key) => (
              <KeyChoiceLine
                key={key.id}
                ownedKey={key}
                leaver={radius.person.id}
                choice={choices[key.id] ?? 'revoke'}
                onChoose={(choice) => onChoose(key.id, choice)}
              />
            ))}
      </dd>
    </dl>
  );
}

function Lines({ name, items }: { name: string; items: readonly ReactNode[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd>
        <ul className="grid gap-0.5">
          {items.map((item, index) => (
            <li key={index} className="wrap-anywhere">
              {item}
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}
