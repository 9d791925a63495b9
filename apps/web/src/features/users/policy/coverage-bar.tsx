import type { FactorCoverage } from '@qd/shared/users';
import { coverageWords } from './policy-words.ts';

/** The people of a role as one bar: with a factor, in grace, overdue, and the rest hollow. */
export function CoverageBar({ coverage }: { coverage: FactorCoverage }) {
  const { people, withFactor, inGrace, overdue } = coverage;
  const parts = [
    { key: 'with', count: withFactor, className: 'fill-water-line' },
    { key: 'grace', count: inGrace, className: 'fill-warn-fill' },
    { key: 'overdue', count: overdue, className: 'fill-crit-fill' },
  ];
  let from = 0;
  return (
    <svg
      role="img"
      aria-label={coverageWords(coverage)}
      viewBox={`0 0 ${Math.max(people, 1)} 1`}
      preserveAspectRatio="none"
      className="block h-3 w-full rounded-1 border border-line-strong"
    >
      {parts.map(({ key, count, className }) => {
        const x = from;
        from += count;
        return count > 0 && <rect key={key} x={x} width={count} height="1" className={className} />;
      })}
    </svg>
  );
}
