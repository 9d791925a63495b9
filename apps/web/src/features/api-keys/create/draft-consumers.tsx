import type { NewConsumer } from '@qd/shared/api-keys';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ConsumerForm } from '../consumers/consumer-form.tsx';
import { channelWords } from '../consumers/consumer-words.ts';

/** Who will use the key, so that they are told before it ends. */
export function DraftConsumers({
  consumers,
  error,
  onChange,
}: {
  consumers: readonly NewConsumer[];
  error?: string | undefined;
  onChange(consumers: NewConsumer[]): void;
}) {
  const [isAdding, setAdding] = useState(false);
  return (
    <div>
      <div className="flex items-center gap-2">
        <p className="text-small font-strong">Consumers, told before it ends</p>
        <Button
          size="s"
          icon="plus"
          className="ml-auto"
          disabledReason={isAdding ? 'Save or cancel the one being added first.' : undefined}
          onClick={() => setAdding(true)}
        >
          Add consumer
        </Button>
      </div>
      {consumers.length > 0 && (
        <ul className="mt-1 border-t border-line">
          {consumers.map((consumer) => (
            <li key={consumer.name} className="flex items-center gap-2 border-b border-line py-1">
              <span className="min-w-0">
                <span className="font-strong wrap-anywhere">{consumer.name}</span>{' '}
                <span className="text-small text-ink-3 wrap-anywhere">
                  {consumer.ownerName}, {channelWords(consumer)}
                </span>
              </span>
              <Button
                size="s"
                variant="ghost"
                className="ml-auto"
                aria-label={`Leave out ${consumer.name}`}
                onClick={() => onChange(consumers.filter((one) => one !== consumer))}
              >
                Leave out
              </Button>
            </li>
          ))}
        </ul>
      )}
      {isAdding && (
        <ConsumerForm
          onCancel={() => setAdding(false)}
          onSave={(consumer) => {
            onChange([...consumers.filter((one) => one.name !== consumer.name), consumer]);
            setAdding(false);
            return Promise.resolve();
          }}
        />
      )}
      {error !== undefined && (
        <p role="alert" className="mt-1 text-small font-medium text-crit">
          {error}
        </p>
      )}
    </div>
  );
}
