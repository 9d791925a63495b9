/** What is done, and which of the two steps this is. */
export function StepTitle({ title, step }: { title: string; step: 1 | 2 }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-3">
      <span className="text-[18px] leading-6 tracking-[-0.012em]">{title}</span>
      <span className="text-small font-normal text-ink-3">{step} of 2</span>
    </span>
  );
}
