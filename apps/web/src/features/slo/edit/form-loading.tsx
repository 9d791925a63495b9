import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';

/** The form before its choices are known. */
export function FormLoading({ words }: { words: string }) {
  return (
    <Delayed words={words}>
      <CallSkeleton />
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)_minmax(320px,400px)] gap-10 phone:grid-cols-1">
        <SkeletonRows rows={7} widths={['40%', '40%']} />
        <div className="h-[280px] border-t border-ink" />
      </div>
    </Delayed>
  );
}
