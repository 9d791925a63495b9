import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { buttonLook } from '../../../ui/button.tsx';
import { Call } from '../../../ui/call.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { QueryTrouble } from '../slo-query-trouble.tsx';
import { EditForm } from './edit-form.tsx';
import { FormLoading } from './form-loading.tsx';
import { useFormSources } from './use-form-sources.ts';

/** Changes an objective: the same form, filled, and what the change does to history. */
export function SloEditPage() {
  const { id = '' } = useParams();
  const trpc = useTRPC();
  const can = useCan();
  const slo = useQuery(trpc.slo.definitions.get.queryOptions({ id }));
  // Its name and platform stand in the head of the page.
  useQuery(trpc.slo.get.queryOptions({ id }));
  const { sources, platforms, error, isFetching, retry } = useFormSources();
  if (slo.data === undefined || sources === undefined || platforms === undefined) {
    const trouble = slo.error ?? (can('slo:write') ? error : null);
    if (!can('slo:write')) return <NotAllowed />;
    if (trouble === null) return <FormLoading words="Reading the definition…" />;
    return (
      <QueryTrouble
        what="The definition"
        pageTitle="Change an SLO"
        error={trouble}
        retrying={slo.isFetching || isFetching}
        onRetry={() => {
          void slo.refetch();
          retry();
        }}
      />
    );
  }
  const { definition, revision } = slo.data;
  if (!can('slo:write', definition.platform)) return <NotAllowed />;
  if (sources.some((one) => one.id === definition.sourceId && one.kind === 'demo')) return <DemoStays id={id} />;
  return (
    <EditForm
      key={id}
      id={id}
      stored={{ definition, revision }}
      sources={sources}
      onRead={async () => (await slo.refetch()).data}
    />
  );
}

function NotAllowed() {
  return (
    <>
      <h1 className="sr-only">Change an SLO</h1>
      <Forbidden title="Your role cannot change this SLO.">
        Owners and admins of its platform can. Ask one of them.
      </Forbidden>
    </>
  );
}

function DemoStays({ id }: { id: string }) {
  const to = useTo();
  return (
    <>
      <Call>A demo SLO tells a story and cannot be changed.</Call>
      <EmptyState
        title="Define one of your own."
        actions={
          <>
            <Link to={to(paths.sloNew)} {...buttonLook({ variant: 'primary' })}>
              New SLO
            </Link>
            <Link to={to(paths.slo(id))} {...buttonLook()}>
              Back to this one
            </Link>
          </>
        }
      >
        It needs a source that measures something.
      </EmptyState>
    </>
  );
}
