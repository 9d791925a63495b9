import type { SloSummary } from '@qd/shared/slo';
import { sloLook } from '../../lib/slo-words.ts';
import { StatusWord } from '../../ui/status-word.tsx';

/** The state of an objective as shape, colour and word; grey when its figures are old. */
export function SloStateWord({ slo, className }: { slo: Pick<SloSummary, 'state' | 'freshness'>; className?: string }) {
  const look = sloLook(slo);
  return (
    <StatusWord tone={look.tone} {...(className === undefined ? {} : { className })}>
      {look.word}
    </StatusWord>
  );
}
