import { CallSkeleton, Delayed, SkeletonRows } from '../../ui/skeleton.tsx';

/** A page whose code is on its way: the call and a list, in their final places. */
export function PageLoading() {
  return (
    <Delayed words="Loading this page…">
      <CallSkeleton />
      <div className="mt-6">
        <SkeletonRows rows={6} />
      </div>
    </Delayed>
  );
}
