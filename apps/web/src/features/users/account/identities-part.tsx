import { oidcRefusalWords, type LinkedIdentity, type SignInProvider } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useUrlParam } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { pastOf } from './account-words.ts';
import { Part } from './part.tsx';
import { refusalWords } from './refusal-words.ts';
import { Refused } from './refused.tsx';
import { useIdentityMutations } from './use-account-mutations.ts';

/** Identities of other providers that open the account. Nothing of it is shown where no provider was ever set up. */
export function IdentitiesPart() {
  const trpc = useTRPC();
  const { data: linked, error } = useQuery(trpc.account.identities.queryOptions());
  const { data: providers = [] } = useQuery(trpc.session.providers.queryOptions());
  const [refused] = useUrlParam('refused');
  const { link } = useIdentityMutations();
  const why = oidcRefusalWords(refused ?? '');
  if (error !== null && linked === undefined)
    return (
      <Part title="Identity providers">
        <Refused error={error} />
      </Part>
    );
  if (linked === undefined || (linked.length === 0 && providers.length === 0)) return null;
  const others = providers.filter(({ id }) => !linked.some(({ providerId }) => providerId === id));
  // The provider's own page: the browser leaves this one, and comes back here.
  const go = ({ id }: SignInProvider): void =>
    link.mutate({ id }, { onSuccess: ({ url }) => window.location.assign(url) });
  return (
    <Part
      title="Identity providers"
      note="accounts elsewhere that open this one"
      actions={others.map((provider) => (
        <Button key={provider.id} size="s" icon="link" pending={link.isPending} onClick={() => go(provider)}>
          Link {provider.name}
        </Button>
      ))}
    >
      {why !== null && (
        <ErrorState className="mb-3" title="The identity was not linked.">
          {why}
        </ErrorState>
      )}
      <Refused error={link.error} />
      <Linked identities={linked} />
    </Part>
  );
}

function Linked({ identities }: { identities: readonly LinkedIdentity[] }) {
  const now = useNow(30_000);
  const { zone } = useTimeZone();
  const [unlinking, setUnlinking] = useState<LinkedIdentity | null>(null);
  const when = (at: number): string => formatWhen(pastOf(at, now), zone, now);
  return (
    <ul className="border-t border-ink">
      {identities.map((identity) => (
        <li
          key={`${identity.issuer} ${identity.subject}`}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2"
        >
          <span className="min-w-0 flex-1">
            <span className="block font-medium wrap-anywhere">
              {identity.provider}
              {identity.email !== null && <span className="font-normal text-ink-2">, {identity.email}</span>}
            </span>
            <span className="block text-small text-ink-3">
              Linked {when(identity.linkedAt)},{' '}
              {identity.lastUsedAt === null ? 'not used yet' : `last used ${when(identity.lastUsedAt)}`}
              {identity.providerId === null && '. The provider is no longer set up here'}
            </span>
          </span>
          <Button
            size="s"
            variant="danger"
            aria-label={`Unlink ${identity.provider}`}
            onClick={() => setUnlinking(identity)}
          >
            Unlink
          </Button>
        </li>
      ))}
      {identities.length === 0 && <li className="py-2 text-ink-3">None is linked.</li>}
      {unlinking !== null && <UnlinkDialog identity={unlinking} onClose={() => setUnlinking(null)} />}
    </ul>
  );
}

function UnlinkDialog({ identity, onClose }: { identity: LinkedIdentity; onClose(): void }) {
  const toasts = useToasts();
  const { unlink } = useIdentityMutations();
  const { issuer, subject, provider } = identity;
  const onSuccess = (): void => {
    onClose();
    toasts.show({ message: `${provider} no longer opens your account.`, glyph: 'done' });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Unlink ${provider}?`}
      cost="It stops opening this account at once. It can be linked again."
      confirmLabel="Unlink"
      pending={unlink.isPending}
      error={unlink.error === null ? null : refusalWords(unlink.error)}
      onConfirm={() => unlink.mutate({ issuer, subject }, { onSuccess })}
    />
  );
}
