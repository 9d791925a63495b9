// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ErrorStrip } from './strip.tsx';

describe('ErrorStrip', () => {
  it('draws a bar per known step up to now, hatches the rest and says it in words', () => {
    const { container } = render(
      <ErrorStrip
        values={[0, 0.02, null, null, 0.5, 0.1]}
        objectiveRatio={0.01}
        stepRatio={0.1}
        nowRatio={0.5}
        summary="Two steps are missing."
      />,
    );
    const bars = [...container.querySelectorAll('rect')];
    expect(bars.map((bar) => bar.getAttribute('fill'))).toEqual([
      'var(--qd-water-line)',
      'var(--qd-warn-fill)',
      'var(--qd-crit-fill)',
    ]);
    expect(container.querySelectorAll('.qd-zone-unknown')).toHaveLength(1);
    expect(screen.getByText('Two steps are missing.')).toBeTruthy();
  });

  it('draws no gap for time that has not come', () => {
    const { container } = render(
      <ErrorStrip values={[0.01, null, null]} objectiveRatio={0.01} stepRatio={0.1} nowRatio={0.1} summary="Calm." />,
    );
    expect(container.querySelectorAll('.qd-zone-unknown')).toHaveLength(0);
  });
});
