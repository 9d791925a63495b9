// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Gauge } from './gauge.tsx';

describe('Gauge', () => {
  it('is a meter in percent with its label', () => {
    render(<Gauge valueRatio={0.029} tone="crit" marks={[0.1, 0.2]} idealRatio={0.186} label="Budget left" />);
    const meter = screen.getByRole('meter', { name: 'Budget left' });
    expect(meter.getAttribute('aria-valuenow')).toBe('2.9');
    expect(meter.getAttribute('aria-valuemin')).toBe('0');
    expect(meter.getAttribute('aria-valuemax')).toBe('100');
    expect(meter.getAttribute('aria-valuetext')).toBe('2.9%');
    expect(meter.querySelectorAll('.qd-gauge-mark')).toHaveLength(2);
    expect(meter.querySelector<HTMLElement>('.qd-gauge-fill')?.style.width).toBe('2.9%');
  });

  it('stays within its range when overspent, and says by how much', () => {
    render(<Gauge valueRatio={-0.12} label="Budget left" />);
    const meter = screen.getByRole('meter');
    expect(meter.getAttribute('aria-valuenow')).toBe('0');
    expect(meter.getAttribute('aria-valuetext')).toBe('−12%, overspent');
    expect(meter.dataset['state']).toBe('overspent');
    expect(meter.querySelector('.qd-gauge-fill')).toBeNull();
  });

  it('never draws more than all of it', () => {
    render(<Gauge valueRatio={1.4} label="Budget left" />);
    expect(screen.getByRole('meter').getAttribute('aria-valuenow')).toBe('100');
  });

  it.each([null, Number.NaN])('is no meter when the value is %s', (valueRatio) => {
    render(<Gauge valueRatio={valueRatio} label="Budget left" />);
    expect(screen.queryByRole('meter')).toBeNull();
    expect(screen.getByRole('img', { name: 'Budget left: no data' }).dataset['state']).toBe('unknown');
  });
});
