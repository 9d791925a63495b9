import type { PersonView } from '@qd/shared/users';
import { Fragment, type ReactNode } from 'react';
import { formatDay } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { LookWord } from '../look-word.tsx';
import { seenWords, signInSentence, stateLooks } from '../person-words.ts';

export interface PersonFactsProps {
  person: PersonView;
  now: number;
}

/** What is so of a person at this moment. */
export function PersonFacts({ person, now }: PersonFactsProps) {
  const { zone } = useTimeZone();
  const since = person.stateSince === null ? '' : ` since ${formatDay(person.stateSince, zone, now)}`;
  const lines: [name: string, value: ReactNode][] = [
    [
      'Status',
      <>
        <LookWord look={stateLooks[person.state]} />
        {person.state !== 'active' && <span className="text-ink-2">{since}</span>}
      </>,
    ],
    ...(person.stateReason === null ? [] : [['Reason', person.stateReason] as [string, ReactNode]]),
    ['Sign-in', signInSentence(person.signIn)],
    ['Last seen', seenWords(person.lastSeenAt, zone, now)],
    ['Member since', formatDay(person.createdAt, zone, now)],
  ];
  return (
    <dl className="mt-3.5 grid grid-cols-[96px_minmax(0,1fr)] gap-y-1.5">
      {lines.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
