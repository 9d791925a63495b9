import type { BlastRadius, KeyFate, OwnedKeyView, PersonView } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useUser } from '../../../lib/session.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Select } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { usePersonMutations } from '../use-users-mutations.ts';

/** Asks before somebody leaves for good, with everything that ends shown first. */
export function OffboardDialog({ person, onClose }: { person: PersonView; onClose(): void }) {
  const trpc = useTRPC();
  const { data, error, refetch, isFetching } = useQuery(
    trpc.users.blastRadius.queryOptions({ id: person.id }, { staleTime: 0 }),
  );
  if (data !== undefined && data.refusal === null) return <Confirm person={person} radius={data} onClose={onClose} />;
  const failure = error === null ? null : describeError(error);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Offboard ${person.name}`}
      description={
        data?.refusal ?? (failure === null ? 'Reading what would end…' : `${failure.message} ${failure.remedy}`)
      }
      footer={
        <>
          {failure !== null && (
            <Button icon="refresh" pending={isFetching} onClick={() => void refetch()}>
              Try again
            </Button>
          )}
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Close
          </Button>
        </>
      }
    />
  );
}

interface ConfirmProps {
  person: PersonView;
  radius: BlastRadius;
  onClose(): void;
}

function Confirm({ person, radius, onClose }: ConfirmProps) {
  const me = useUser();
  const toasts = useToasts();
  const { offboard } = usePersonMutations();
  const [fates, setFates] = useState<Record<string, KeyFate>>({});
  const leave = async (reason: string) => {
    const keys = radius.keys.map((key) =>
      fates[key.id] === 'transfer'
        ? { keyId: key.id, becomes: 'transfer' as const, to: me.id }
        : { keyId: key.id, becomes: 'revoke' as const },
    );
    const ended = await offboard.mutateAsync({ id: person.id, reason, keys });
    toasts.show({
      message: `${person.name} is offboarded.`,
      detail: `${ended.endedSessions} sessions, ${ended.removedGrants} roles and ${ended.revokedKeys} keys ended.`,
    });
  };
  return (
    <ActDialog
      title={`Offboard ${person.name}?`}
      cost="Everything below ends at once and for good. The row stays for the record."
      confirmLabel="Offboard"
      typeName={person.name}
      onAct={leave}
      onClose={onClose}
    >
      <Radius radius={radius} fates={fates} onFate={(id, fate) => setFates({ ...fates, [id]: fate })} />
    </ActDialog>
  );
}

interface RadiusProps {
  radius: BlastRadius;
  fates: Record<string, KeyFate>;
  onFate(id: string, fate: KeyFate): void;
}

/** What ends, line by line, and what stays for others. */
function Radius({ radius, fates, onFate }: RadiusProps) {
  const { nameOf } = usePlatformNames();
  const lines: { name: string; items: string[] }[] = [
    { name: 'Roles', items: radius.grants.map((grant) => `${grant.title} on ${nameOf(grant.platform)}`) },
    { name: 'Accounts', items: radius.memberships.map((one) => `${one.title} on ${nameOf(one.platform)}`) },
    { name: 'Requests', items: radius.approvals.map((one) => `${one.summary} (cancelled)`) },
    { name: 'Invitations', items: radius.invitations.map((one) => `${one.email} (revoked)`) },
    { name: 'Stays', items: radius.leftBehind.map((one) => one.words) },
  ];
  return (
    <dl aria-label="What ends" className="mb-3 grid grid-cols-[84px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <dt className="text-ink-3">Sessions</dt>
      <dd>{radius.sessions === 1 ? '1 session ends' : `${radius.sessions} sessions end`}</dd>
      {lines
        .filter((line) => line.items.length > 0)
        .map((line) => (
          <div key={line.name} className="contents">
            <dt className="text-ink-3">{line.name}</dt>
            <dd>
              <ul>
                {line.items.map((item) => (
                  <li key={item} className="wrap-anywhere">
                    {item}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      <dt className="text-ink-3">API keys</dt>
      <dd className="grid gap-1.5">
        {radius.keys.length === 0
          ? 'none'
          : radius.keys.map((key) => (
              <KeyLine
                key={key.id}
                ownedKey={key}
                fate={fates[key.id] ?? 'revoke'}
                onFate={(fate) => onFate(key.id, fate)}
              />
            ))}
      </dd>
    </dl>
  );
}

interface KeyLineProps {
  ownedKey: OwnedKeyView;
  fate: KeyFate;
  onFate(fate: KeyFate): void;
}

function KeyLine({ ownedKey, fate, onFate }: KeyLineProps) {
  const { zone } = useTimeZone();
  const { name, platform, lastUsedAt } = ownedKey;
  const used = lastUsedAt === null ? 'never used' : `last used ${formatWhen(lastUsedAt, zone, serverNow())}`;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="min-w-0 flex-1">
        {name} <span className="text-small text-ink-3">{`${platform}, ${used}`}</span>
      </span>
      <span className="w-36">
        <Select
          aria-label={`What becomes of ${name}`}
          value={fate}
          onChange={(event) => onFate(event.target.value === 'transfer' ? 'transfer' : 'revoke')}
        >
          <option value="revoke">Revoke</option>
          <option value="transfer">Pass on to me</option>
        </Select>
      </span>
    </div>
  );
}
