import type { ExcludedSpan, ExclusionInput, ExclusionPreviewInput } from '@qd/shared/slo';
import { useEffect, useState } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatAge, formatCount, formatPercent } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { spanWords } from '../span-words.ts';
import { useExclusionMutations } from '../use-slo-mutations.ts';

/** What an exclusion would take out, and what that does to each budget it touches. */
export interface ExclusionEffect {
  spans: ExcludedSpan[];
  spanCount: number;
  effects: { sloId: string; name: string; beforeLeftRatio: number | null; afterLeftRatio: number | null }[];
}

/** Typing pauses this long before the effect is asked for. */
const PAUSE_MS = 600;
const MOST_SPANS = 5;
const MOST_EFFECTS = 12;

interface Known {
  key: string;
  effect: ExclusionEffect;
  at: number;
}

/** The effect of a draft: asked for after a pause, one question at a time; the last answer stays until the next. */
function useExclusionEffect(input: ExclusionInput | null, replaces: string | null) {
  const { preview } = useExclusionMutations();
  const [known, setKnown] = useState<Known | null>(null);
  const [failure, setFailure] = useState<{ key: string; message: string } | null>(null);
  const key = input === null ? null : JSON.stringify({ ...input, replaces });
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync } = preview;
  const isSettled = key === known?.key || key === failure?.key;
  useEffect(() => {
    if (key === null || isSettled || isAsking) return undefined;
    const timer = setTimeout(() => {
      setAsking(true);
      mutateAsync(JSON.parse(key) as ExclusionPreviewInput)
        .then(
          (effect) => {
            setKnown({ key, effect, at: Date.now() });
            setFailure(null);
          },
          (error: unknown) => setFailure({ key, message: describeError(error).message }),
        )
        .finally(() => setAsking(false));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, isSettled, isAsking, mutateAsync]);
  return { known, failure: key === failure?.key ? failure : null, isOld: known !== null && known.key !== key, key };
}

export interface ExclusionPreviewProps {
  input: ExclusionInput | null;
  /** The exclusion that would be changed, or null for a new one. */
  replaces: string | null;
  zone: Zone;
}

/** Beside the form: the stretches it takes out, and each budget before and after. Nothing is stored by looking. */
export function ExclusionPreview({ input, replaces, zone }: ExclusionPreviewProps) {
  const now = useNow(5_000);
  const { known, failure, isOld, key } = useExclusionEffect(input, replaces);
  return (
    <section
      aria-label="Effect"
      aria-busy={isOld || undefined}
      className="rounded-2 border border-line bg-surface p-3.5"
    >
      <h3 className="font-semibold">Effect</h3>
      {failure !== null && (
        <p role="alert" className="mt-1 font-medium text-crit">
          {failure.message}
        </p>
      )}
      {known === null && failure === null && (
        <p className="mt-1 text-ink-3">
          {key === null
            ? 'Shown once the form is complete: what is taken out, and each budget before and after.'
            : 'Working it out…'}
        </p>
      )}
      {known !== null && (
        <>
          {isOld && (
            <p role="status" className="mt-1 text-small text-stale">
              {key === null
                ? `Worked out ${formatAge(now - known.at)}, before the last change of the form.`
                : 'Working out the change…'}
            </p>
          )}
          <Effect effect={known.effect} zone={zone} nowMs={now} />
        </>
      )}
    </section>
  );
}

function Effect({ effect, zone, nowMs }: { effect: ExclusionEffect; zone: Zone; nowMs: number }) {
  const { spans, spanCount, effects } = effect;
  const shown = spans.slice(0, MOST_SPANS);
  return (
    <>
      <p className="mt-1">{spanCount === 0 ? 'It takes no time out.' : `${countWords(spanCount)}:`}</p>
      {shown.length > 0 && (
        <ul className="mt-1 text-small text-ink-2">
          {shown.map((span) => (
            <li key={span.startAt}>{spanWords(span, zone, nowMs)}</li>
          ))}
          {spanCount > shown.length && <li className="text-ink-3">and {formatCount(spanCount - shown.length)} more</li>}
        </ul>
      )}
      {effects.length === 0 ? (
        <p className="mt-2 text-ink-3">No objective is measured there yet.</p>
      ) : (
        <table className="qd-table mt-2 [&_thead_th]:bg-surface! [&_td]:border-b [&_td]:border-line [&_th]:border-b [&_th]:border-line">
          <caption className="sr-only">Budget left before and after</caption>
          <thead>
            <tr>
              <th scope="col" className="pl-0!">
                Objective
              </th>
              <th scope="col" data-align="right">
                Left now
              </th>
              <th scope="col" data-align="right" className="pr-0!">
                After
              </th>
            </tr>
          </thead>
          <tbody>
            {effects.slice(0, MOST_EFFECTS).map((one) => (
              <tr key={one.sloId}>
                <th scope="row" className="py-1.5 pl-0! font-normal!">
                  {one.name}
                </th>
                <td data-align="right">{leftWords(one.beforeLeftRatio)}</td>
                <td data-align="right" className="pr-0! font-semibold">
                  {one.beforeLeftRatio === one.afterLeftRatio ? (
                    <span className="inline-flex items-center gap-1.5 font-normal text-ink-3">
                      <Glyph name="dash" />
                      same
                    </span>
                  ) : (
                    leftWords(one.afterLeftRatio)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {effects.length > MOST_EFFECTS && (
        <p className="mt-1 text-small text-ink-3">and {effects.length - MOST_EFFECTS} more objectives</p>
      )}
    </>
  );
}

function countWords(count: number): string {
  return count === 1 ? 'It takes out one stretch' : `It takes out ${formatCount(count)} stretches in 400 days`;
}

function leftWords(ratio: number | null): string {
  return ratio === null ? 'not known' : formatPercent(ratio);
}
