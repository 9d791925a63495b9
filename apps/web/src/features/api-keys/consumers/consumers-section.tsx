import type { ConsumerView, NewConsumer, UnnamedCaller } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount } from '../../../lib/format.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { ConsumerForm } from './consumer-form.tsx';
import { ConsumerLine } from './consumer-line.tsx';
import { useConsumerMutations } from './use-consumer-mutations.ts';

/** What is being written: a new consumer, maybe of a caller seen, or one there is. */
type Editing = { id: string | null; from: Partial<NewConsumer> } | null;

/** Who uses a key and its successors, and callers nobody has named yet. */
export function ConsumersSection({ keyId }: { keyId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.consumers.list.queryOptions({ keyId }));
  const [editing, setEditing] = useState<Editing>(null);
  const { add, update } = useConsumerMutations();
  const { data } = query;
  const save = async (id: string | null, consumer: NewConsumer): Promise<void> => {
    await (id === null ? add.mutateAsync({ keyId, ...consumer }) : update.mutateAsync({ id, ...consumer }));
    setEditing(null);
  };
  const form = (id: string | null) =>
    editing?.id === id && (
      <ConsumerForm from={editing.from} onCancel={() => setEditing(null)} onSave={(consumer) => save(id, consumer)} />
    );
  return (
    <section aria-label="Consumers">
      <SectionHead
        title="Consumers"
        note="told before the key ends"
        actions={
          data?.canChange === true && (
            <Button size="s" icon="plus" onClick={() => setEditing({ id: null, from: {} })}>
              Add consumer
            </Button>
          )
        }
      />
      {form(null)}
      {data === undefined &&
        (query.error === null ? (
          <SkeletonRows rows={3} />
        ) : (
          <ReadTrouble title="The consumers did not load." query={query} />
        ))}
      {data !== undefined && (
        <>
          {data.consumers.length === 0 && editing === null && (
            <p className="border-t border-line pt-2 text-ink-2">
              Nobody is named who uses this key, so nobody is told before it ends.
            </p>
          )}
          <ul className="border-t border-line empty:hidden">
            {data.consumers.map((consumer) => (
              <li key={consumer.id} className="border-b border-line py-2">
                <ConsumerLine
                  consumer={consumer}
                  now={data.asOf}
                  canChange={data.canChange}
                  onEdit={() => setEditing({ id: consumer.id, from: fieldsOf(consumer) })}
                />
                {form(consumer.id)}
              </li>
            ))}
          </ul>
          <Unnamed
            callers={data.unnamed}
            onName={data.canChange ? (caller) => setEditing({ id: null, from: knownOf(caller) }) : null}
          />
        </>
      )}
    </section>
  );
}

function fieldsOf({ name, ownerName, channel, address, ranges, agents }: ConsumerView): NewConsumer {
  return { name, ownerName, channel, address, ranges, agents };
}

/** What a caller shows of itself is how its calls are told from others' from now on. */
function knownOf({ address, agent }: UnnamedCaller): Partial<NewConsumer> {
  const isAddress = /^[0-9a-f.:]+$/i.test(address);
  const product = agent.split(/[\s/]/)[0] ?? '';
  return { ranges: isAddress ? [address] : [], agents: product.length < 2 ? [] : [product], name: product };
}

function Unnamed({
  callers,
  onName,
}: {
  callers: readonly UnnamedCaller[];
  onName: ((caller: UnnamedCaller) => void) | null;
}) {
  if (callers.length === 0) return null;
  return (
    <>
      <h4 className="mt-4 text-small font-strong">Callers nobody has named, last 24 h</h4>
      <ul className="mt-1 border-t border-line">
        {callers.map((caller) => (
          <li
            key={`${caller.address} ${caller.agent}`}
            className="flex flex-wrap items-center gap-x-3 border-b border-line py-1.5"
          >
            <span className="min-w-0 wrap-anywhere">
              <span className="mono text-small">
                {caller.address === 'other' ? 'further addresses' : caller.address}
              </span>{' '}
              <span className="text-small text-ink-3">{caller.agent === '' ? 'names no agent' : caller.agent}</span>
            </span>
            <span className="ml-auto text-small">{formatCount(caller.calls24h)} calls</span>
            {onName !== null && (
              <Button
                size="s"
                aria-label={`Name the caller ${caller.address} ${caller.agent}`}
                onClick={() => onName(caller)}
              >
                Name this caller
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
