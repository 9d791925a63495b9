import type { KeyLimitsView } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { LimitsForm } from './limits-form.tsx';
import { limitWords } from './limits-words.ts';

/** From where and how often a key may be used, and what a change would have refused. */
export function LimitsSection({ keyId, owner }: { keyId: string; owner: { id: string } | null }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.limits.queryOptions({ id: keyId }));
  const [isEditing, setEditing] = useState(false);
  const { data } = query;
  return (
    <section aria-label="Name, scopes and limits">
      <SectionHead
        title="Limits"
        actions={
          data?.canChange === true &&
          !isEditing && (
            <Button size="s" icon="pencil" onClick={() => setEditing(true)}>
              Change
            </Button>
          )
        }
      />
      {data === undefined ? (
        query.error === null ? (
          <SkeletonRows rows={2} />
        ) : (
          <ReadTrouble title="The limits did not load." query={query} />
        )
      ) : isEditing ? (
        <LimitsForm key={data.updatedAt} limits={data} owner={owner} onClose={() => setEditing(false)} />
      ) : (
        <Limits limits={data} />
      )}
    </section>
  );
}

function Limits({ limits }: { limits: KeyLimitsView }) {
  const { from, rate } = limitWords(limits);
  return (
    <div className="border-t border-line pt-2">
      <p className="wrap-anywhere">{from}.</p>
      <p>{rate}.</p>
      <p className="mt-1 text-small text-ink-3 wrap-anywhere">
        May <span className="mono">{limits.scopes.join(', ')}</span>
      </p>
    </div>
  );
}
