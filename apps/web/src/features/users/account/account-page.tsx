import type { AccountView } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { byServerClock, useNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatClock, formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { accountCall } from './account-words.ts';
import { IdentitiesPart } from './identities-part.tsx';
import { PasskeysPart } from './passkeys-part.tsx';
import { PasswordPart } from './password-part.tsx';
import { ProfilePart } from './profile-part.tsx';
import { RecoveryPart } from './recovery-part.tsx';
import { SessionsPart } from './sessions-part.tsx';
import { TotpPart } from './totp-part.tsx';

/** How well is my account protected, and where is it open? */
export function AccountPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.account.get.queryOptions());
  if (query.data !== undefined)
    return <Account account={query.data} readAt={byServerClock(query.dataUpdatedAt)} error={query.error} />;
  if (query.error !== null) {
    const failure = describeError(query.error);
    return (
      <>
        <Call>Your account did not load.</Call>
        <div className="mt-4 max-w-[640px]">
          <ErrorState
            title={failure.message}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
            requestId={failure.requestId ?? undefined}
          >
            {failure.remedy}
          </ErrorState>
        </div>
      </>
    );
  }
  return (
    <Delayed words="Reading your account…">
      <CallSkeleton />
      <div className="mt-10">
        <SkeletonRows rows={6} />
      </div>
    </Delayed>
  );
}

interface AccountProps {
  account: AccountView;
  readAt: number;
  error: unknown;
}

function Account({ account, readAt, error }: AccountProps) {
  const now = useNow(30_000);
  const { zone } = useTimeZone();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const by = account.enrolBy === null ? null : formatWhen(account.enrolBy, zone, now);
  const call = accountCall(account, by);
  const onAdded = (added: { recoveryCodes: string[] | null }): void => {
    if (added.recoveryCodes !== null) setCodes(added.recoveryCodes);
  };
  const isStale = error !== null;
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
          { key: 'who', content: account.email },
        ]}
      />
      <div className="mt-8 grid max-w-[1180px] grid-cols-[minmax(0,340px)_minmax(0,1fr)] gap-x-12 gap-y-9 fold:grid-cols-1 phone:grid-cols-1">
        <div className="grid content-start gap-9">
          <ProfilePart account={account} />
          <PasswordPart account={account} />
        </div>
        <div className="grid content-start gap-9">
          <RecoveryPart account={account} codes={codes} onCodes={setCodes} />
          <TotpPart account={account} onAdded={onAdded} />
          <PasskeysPart account={account} onAdded={onAdded} />
          <IdentitiesPart />
        </div>
      </div>
      <div className="mt-9 max-w-[1180px]">
        <SessionsPart />
      </div>
    </>
  );
}
