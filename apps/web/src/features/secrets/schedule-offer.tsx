import { manualSchedules } from '@qd/shared/secrets';
import { describeError } from '../../lib/errors.ts';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useSecretMutations } from './use-secrets.ts';

export interface ScheduleOfferProps {
  /** Platforms the reader may write for. */
  platforms: readonly { id: string; name: string }[];
  /** Names in the register, by platform. */
  known: ReadonlyMap<string, ReadonlySet<string>>;
}

/** For platforms whose manual has a schedule the register lacks: one press enters it. */
export function ScheduleOffer({ platforms, known }: ScheduleOfferProps) {
  const { addSchedule } = useSecretMutations();
  const toasts = useToasts();
  const offered = platforms.flatMap(({ id, name }) => {
    const missing = (manualSchedules[id] ?? []).filter((entry) => known.get(id)?.has(entry.name) !== true);
    return missing.length === 0 ? [] : [{ id, name, count: missing.length }];
  });
  if (offered.length === 0) return null;
  const failure = addSchedule.error === null ? null : describeError(addSchedule.error);
  return (
    <div className="mt-3 grid gap-2">
      {offered.map(({ id, name, count }) => (
        <p key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
          <span>
            The manual of {name} names {count} {count === 1 ? 'secret' : 'secrets'} this register does not have.
          </span>
          <Button
            size="s"
            pending={addSchedule.isPending}
            onClick={() =>
              addSchedule.mutate(
                { platform: id },
                {
                  onSuccess: ({ added }) =>
                    toasts.show({
                      message: 'The schedule of the manual is added.',
                      detail: `${name}, ${added} ${added === 1 ? 'secret' : 'secrets'}`,
                    }),
                },
              )
            }
          >
            Add the schedule of the manual
          </Button>
        </p>
      ))}
      {failure !== null && (
        <p role="alert" className="font-medium text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
    </div>
  );
}
