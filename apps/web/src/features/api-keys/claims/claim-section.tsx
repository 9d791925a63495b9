import type { ClaimStanding, LinkWay, NewClaim } from '@qd/shared/api-keys';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { LinkOnce } from '../../../lib/link-once.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC, useTRPCClient } from '../../../lib/trpc.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';

/** The link by which a key is drawn: for whom, where it stands, and a new one. Nothing for keys that were never sent. */
export function ClaimSection({ keyId }: { keyId: string }) {
  const trpc = useTRPC();
  const { zone } = useTimeZone();
  const { data } = useQuery(trpc.apiKeys.claims.get.queryOptions({ keyId }));
  if (data === undefined || data === null) return null;
  return (
    <section aria-label="Claim link">
      <SectionHead title="Claim link" />
      <p className="border-t border-line pt-2">{standingWords(data, zone)}</p>
      {data.canChange && <ClaimActs keyId={keyId} way={data.way} />}
    </section>
  );
}

function ClaimActs({ keyId, way }: { keyId: string; way: LinkWay }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const cache = useQueryClient();
  const [link, setLink] = useState<NewClaim | null>(null);
  const refresh = () => void cache.invalidateQueries(trpc.apiKeys.pathFilter());
  const cancel = useMutation(trpc.apiKeys.claims.cancel.mutationOptions({ onSettled: refresh }));
  // The answer may hold a link, which no cache is to keep.
  const resend = useMutation({
    mutationFn: async () => setLink(await client.apiKeys.claims.resend.mutate({ keyId })),
    onSettled: refresh,
  });
  const error = resend.error ?? cancel.error;
  const failure = error === null ? null : describeError(error);
  return (
    <>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          size="s"
          icon="send"
          pending={resend.isPending}
          disabledReason={way === 'refused' ? refusedWords : undefined}
          onClick={() => resend.mutate()}
        >
          Make a new link
        </Button>
        <Button size="s" variant="ghost" pending={cancel.isPending} onClick={() => cancel.mutate({ keyId })}>
          Take the link back
        </Button>
      </div>
      {link === null && way !== 'mailed' && (
        <p className="mt-1.5 text-small text-ink-3">{way === 'refused' ? refusedWords : shownWords}</p>
      )}
      {link !== null && <LinkOnce link={link} email={link.recipientEmail} now={serverNow()} />}
      {failure !== null && (
        <p role="alert" className="mt-2 font-medium text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
    </>
  );
}

const refusedWords =
  'No mail server is set up, and a link of a person’s own key is shown only to people who may create keys: ask an owner or admin.';
const shownWords = 'No mail goes to them from here: a new link is shown to you once, to hand on.';

function standingWords(claim: ClaimStanding, zone: Zone): string {
  const now = serverNow();
  const who = `${claim.recipientName}, ${claim.recipientEmail}`;
  if (claim.state === 'claimed')
    return `Drawn by the link sent to ${who}, ${formatDateTime(claim.claimedAt ?? claim.createdAt, zone, now)}.`;
  if (claim.state === 'cancelled') return `The link to ${who} was taken back. The key has no secret.`;
  if (claim.state === 'lapsed') return `The link to ${who} ran out unused. The key has no secret.`;
  return `Waits for ${who}, until ${formatDateTime(claim.expiresAt, zone, now)}. Until then the key has no secret.`;
}
