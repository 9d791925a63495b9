import type { PersonView } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useKey } from '../../../lib/keys.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { PersonBody } from './person-body.tsx';

export interface PersonPanelProps {
  id: string;
  now: number;
  onClose(): void;
}

/** One person beside the list; a page of its own on the phone. */
export function PersonPanel({ id, now, onClose }: PersonPanelProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.users.get.queryOptions({ id }));
  const person = query.data;
  const panel = useRef<HTMLElement>(null);
  useKey('escape', 'Close the person', onClose);
  useFocusInside(panel);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={person?.name ?? 'Person'}
      className="rounded-3 outline-none border border-line-2 bg-surface p-4 desk:sticky desk:top-24 desk:max-h-[calc(100dvh-112px)] desk:overflow-y-auto"
    >
      <div className="flex items-start gap-3">
        {person !== undefined && <Head person={person} />}
        <IconButton icon="close" label="Close" kbd="Esc" className="-my-1 -mr-1.5 ml-auto" onClick={onClose} />
      </div>
      {person === undefined ? <PersonMissing query={query} /> : <PersonBody person={person} now={now} />}
    </aside>
  );
}

/**
 * Whoever pressed a link goes on inside, and comes back to it when the panel closes. Who walks the list by J and K has no
 * place in it, and stays where they are.
 */
function useFocusInside(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement;
    const own = panel.current;
    if (!(opener instanceof HTMLElement) || opener === document.body) return undefined;
    own?.focus({ preventScroll: true });
    return () => {
      const isLost = document.activeElement === document.body || own?.contains(document.activeElement) === true;
      if (isLost) opener.focus({ preventScroll: true });
    };
  }, [panel]);
}

function Head({ person }: { person: PersonView }) {
  return (
    <>
      <Avatar name={person.name} size="l" />
      <div className="min-w-0">
        <h2 className="text-lead font-semibold wrap-anywhere">{person.name}</h2>
        <p className="text-small text-ink-3 wrap-anywhere">{person.email}</p>
      </div>
    </>
  );
}

interface MissingProps {
  query: { error: unknown; isFetching: boolean; refetch(): Promise<unknown> };
}

function PersonMissing({ query }: MissingProps) {
  if (query.error === null) {
    return (
      <Delayed words="Reading the person…">
        <SkeletonRows rows={6} rowHeight="30px" widths={['30%', '44%']} />
      </Delayed>
    );
  }
  const failure = describeError(query.error);
  if (failure.kind === 'not_found') {
    return <p className="text-ink-2">There is no such person here, or they are on platforms you cannot see.</p>;
  }
  return (
    <ErrorState
      title="This person did not load."
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
      requestId={failure.requestId ?? undefined}
      className="mt-2"
    >
      {failure.message} {failure.remedy}
    </ErrorState>
  );
}
