import { CallSkeleton, Delayed, Skeleton, SkeletonRows } from '../../ui/skeleton.tsx';

/** The Overview before its figures: same lanes, same lists, nothing moves when they arrive. */
export function OverviewSkeleton() {
  return (
    <Delayed words="Reading the budgets of every platform…">
      <CallSkeleton />
      <div className="mt-[22px] border-t border-ink" aria-hidden="true">
        {[0, 1, 2].map((lane) => (
          <div key={lane} className="border-b border-line-strong pt-3.5 last:border-b-0">
            <div className="grid h-[52px] grid-cols-[minmax(190px,1.25fr)_repeat(4,minmax(0,1fr))] gap-[18px] phone:grid-cols-2">
              <Skeleton width="150px" height="20px" />
              {['a', 'b', 'c', 'd'].map((fact) => (
                <div key={fact} className="grid content-start gap-2 phone:hidden">
                  <Skeleton width="64px" height="8px" />
                  <Skeleton width="96px" />
                </div>
              ))}
            </div>
            <div className="mt-2.5 flex h-16 items-end phone:h-[46px]">
              <Skeleton height="12px" />
            </div>
          </div>
        ))}
      </div>
      <div className="cols mt-8">
        <div className="desk:col-span-7">
          <SkeletonRows rows={4} rowHeight="61px" />
        </div>
        <div className="desk:col-span-5">
          <SkeletonRows rows={4} rowHeight="37px" />
        </div>
      </div>
    </Delayed>
  );
}
