import type { FactorCoverage, FactorPolicyView } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { byServerClock } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatClock } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { policyCall } from './policy-words.ts';
import { ProviderDialog } from './provider-dialog.tsx';
import { ProvidersPart } from './providers-part.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RulesPart, type RuleRow } from './rules-part.tsx';

/** Who must use a second factor, who does, and through whom may people sign in? */
export function SignInSettingsPage() {
  const can = useCan();
  if (can('users:policy', null)) return <Settings />;
  return (
    <>
      <Call>How people sign in is not yours to set.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners and admins can set who must use a second factor.">
          Your own password and second factors are in your account.
        </Forbidden>
      </div>
    </>
  );
}

function rowsOf(policies: readonly FactorPolicyView[], coverages: readonly FactorCoverage[]): RuleRow[] {
  return policies.flatMap((policy) => {
    const coverage = coverages.find(({ role }) => role === policy.role);
    return coverage === undefined ? [] : [{ policy, coverage }];
  });
}

function useSettings() {
  const trpc = useTRPC();
  const policies = useQuery(trpc.users.factorPolicies.queryOptions());
  const coverage = useQuery(trpc.users.factorCoverage.queryOptions());
  const providers = useQuery(trpc.users.oidcProviders.queryOptions());
  return { policies, coverage, providers };
}

function Settings() {
  const { policies, coverage, providers } = useSettings();
  const [role, setRole] = useUrlParam('role');
  const error = policies.error ?? coverage.error;
  if (policies.data === undefined || coverage.data === undefined) {
    if (error !== null) {
      const again = (): void => void Promise.all([policies.refetch(), coverage.refetch()]);
      return <NotLoaded title="The rules for signing in did not load." error={error} onRetry={again} isPage />;
    }
    return (
      <Delayed words="Reading how people sign in…">
        <CallSkeleton />
        <div className="mt-10">
          <SkeletonRows rows={7} />
        </div>
      </Delayed>
    );
  }
  const rows = rowsOf(policies.data, coverage.data);
  const edited = rows.find(({ policy }) => policy.role === role);
  return (
    <>
      <Head coverage={coverage.data} readAt={byServerClock(coverage.dataUpdatedAt)} isStale={error !== null} />
      <div className="mt-8 grid max-w-[1180px] gap-10">
        <RulesPart rows={rows} onEdit={setRole} />
        <Providers query={providers} />
      </div>
      {edited !== undefined && <RuleDialog key={edited.policy.role} row={edited} onClose={() => setRole(null)} />}
    </>
  );
}

interface HeadProps {
  coverage: readonly FactorCoverage[];
  readAt: number;
  isStale: boolean;
}

function Head({ coverage, readAt, isStale }: HeadProps) {
  const { zone } = useTimeZone();
  const call = policyCall(coverage);
  return (
    <>
      <Call>
        {call.lead} {call.tone === null ? call.rest : <CallPart tone={call.tone}>{call.rest}</CallPart>}
      </Call>
      <DatumLine
        items={[
          {
            key: 'as-of',
            glyph: isStale ? 'unknown' : 'ok',
            content: (
              <>
                {isStale ? 'Not read again since' : 'As of'}{' '}
                <b>{formatClock(readAt, zone, { seconds: true, withZone: true })}</b>
              </>
            ),
          },
          { key: 'what', content: 'Authenticator apps and passkeys count as second factors' },
        ]}
      />
    </>
  );
}

/** The id that stands in the address for a provider that is not there yet. */
const NEW = 'new';

function Providers({ query }: { query: ReturnType<typeof useSettings>['providers'] }) {
  const [id, setId] = useUrlParam('provider');
  const { data, error } = query;
  if (data === undefined) {
    if (error === null) return <SkeletonRows rows={2} />;
    return (
      <NotLoaded title="The identity providers did not load." error={error} onRetry={() => void query.refetch()} />
    );
  }
  const edited = data.providers.find((provider) => provider.id === id) ?? null;
  return (
    <>
      <ProvidersPart list={data} onEdit={(next) => setId(next ?? NEW)} />
      {(edited !== null || id === NEW) && (
        <ProviderDialog key={id} provider={edited} redirectUri={data.redirectUri} onClose={() => setId(null)} />
      )}
    </>
  );
}

interface NotLoadedProps {
  title: string;
  error: unknown;
  onRetry(): void;
  isPage?: boolean;
}

function NotLoaded({ title, error, onRetry, isPage = false }: NotLoadedProps) {
  const failure = describeError(error);
  return (
    <>
      {isPage && <h1 className="sr-only">Sign-in settings</h1>}
      <ErrorState title={title} onRetry={onRetry} requestId={failure.requestId ?? undefined}>
        {failure.message} {failure.remedy}
      </ErrorState>
    </>
  );
}
