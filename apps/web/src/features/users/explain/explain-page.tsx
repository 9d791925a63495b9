import { isPermission, type Permission } from '@qd/shared/permissions';
import { useQuery } from '@tanstack/react-query';
import { byServerClock } from '../../../lib/clock.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { useUrlParams } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Call } from '../../../ui/call.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { CallSkeleton, Delayed } from '../../../ui/skeleton.tsx';
import { UserPageLinks } from '../page-links.tsx';
import { Answer } from './answer.tsx';
import { EffectiveRights } from './effective-rights.tsx';
import { QuestionForm } from './question-form.tsx';

const params = ['person', 'permission', 'on'] as const;

/** Why can somebody do something, or why not, and who could give it to them? */
export function ExplainPage() {
  const can = useCan();
  if (can('roles:read')) return <Explain />;
  return (
    <>
      <Call>Why people may do things is not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins, commanders, support and auditors can read it.">
          Ask one of them to look it up.
        </Forbidden>
      </div>
    </>
  );
}

function Explain() {
  const [values, setValues] = useUrlParams(params);
  const person = values.person ?? null;
  const permission = values.permission !== undefined && isPermission(values.permission) ? values.permission : null;
  const platform = values.on ?? '*';
  const isAsked = person !== null && permission !== null;
  return (
    <>
      {!isAsked && <Call>{person === null ? 'Whose rights do you want explained?' : 'What may this person do?'}</Call>}
      {isAsked && <Explained question={{ userId: person, permission, platform }} />}
      <UserPageLinks />
      <div className="mt-4 grid items-start gap-x-10 gap-y-6 desk:grid-cols-[340px_minmax(0,1fr)]">
        <QuestionForm
          person={person}
          permission={permission}
          platform={platform}
          onPerson={(id) => setValues({ person: id })}
          onPermission={(next) => setValues({ permission: next })}
          onPlatform={(next) => setValues({ on: next === '*' ? null : next })}
        />
        <div className="min-w-0">
          {isAsked && <Paths question={{ userId: person, permission, platform }} />}
          {person === null ? (
            <EmptyState title="Choose a person first.">
              Then everything they may do is listed, with the role that gives it.
            </EmptyState>
          ) : (
            <EffectiveRights
              userId={person}
              onAsk={(next, on) => setValues({ permission: next, on: on === '*' ? null : on })}
            />
          )}
        </div>
      </div>
    </>
  );
}

interface Question {
  userId: string;
  permission: Permission;
  platform: string;
}

function useExplanation(question: Question) {
  const trpc = useTRPC();
  return useQuery(trpc.roles.explain.queryOptions(question));
}

function Explained({ question }: { question: Question }) {
  const { data, error } = useExplanation(question);
  if (data !== undefined) {
    return (
      <Call>
        {data.allowed ? 'Yes. ' : 'No. '}
        {data.because}
      </Call>
    );
  }
  if (error !== null) return <Call>This could not be explained.</Call>;
  return (
    <Delayed words="Looking it up…">
      <CallSkeleton />
    </Delayed>
  );
}

function Paths({ question }: { question: Question }) {
  const query = useExplanation(question);
  if (query.data !== undefined) return <Answer explanation={query.data} readAt={byServerClock(query.dataUpdatedAt)} />;
  return query.error === null ? null : <ReadTrouble title="The explanation did not load." query={query} />;
}
