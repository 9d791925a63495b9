// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { DayRule, type DayMark, type DayRuleProps } from './day-rule.tsx';

const startAt = new Date('2026-03-03T00:00:00Z');
const at = (hour: number) => new Date(startAt.getTime() + hour * 3_600_000);

const marks: DayMark[] = [
  { at: at(2), glyph: 'backup', label: 'Full copy' },
  { at: at(18), glyph: 'due', label: 'Handover', hollow: true },
  { at: at(-3), endAt: at(6), glyph: 'incident', label: 'Open since yesterday' },
  { at: at(30), glyph: 'flag', label: 'Tomorrow' },
];

function show(more: Partial<DayRuleProps> = {}) {
  return render(
    <DayRule
      startAt={startAt}
      now={at(6)}
      formatHour={(instant) => instant.toISOString().slice(11, 16)}
      marks={marks}
      nowLabel="06:00:00 UTC"
      summary="Today: one incident, one handover."
      {...more}
    />,
  );
}

describe('DayRule', () => {
  it('is one picture with a sentence, and shows this day only', () => {
    show();
    expect(screen.getByRole('img', { name: 'Today: one incident, one handover.' })).toBeTruthy();
    expect(screen.getByTitle('Full copy').style.left).toBe(`${(2 / 24) * 100}%`);
    expect(screen.getByTitle('Open since yesterday').style).toMatchObject({ left: '0%', width: '25%' });
    expect(screen.queryByTitle('Tomorrow')).toBeNull();
    expect(screen.getByText('24:00')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('gives way to the flag of now', () => {
    show();
    const hidden = (text: string) => screen.getByText(text).dataset['near'];
    expect([hidden('04:00'), hidden('08:00'), hidden('16:00')]).toEqual(['desk', undefined, undefined]);
  });

  it('opens the table of the day with Enter', async () => {
    const onOpenTable = vi.fn();
    show({ onOpenTable, renderTable: ({ open }) => (open ? <p>The list of the day</p> : null) });
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{Enter}');
    expect(onOpenTable).toHaveBeenCalledOnce();
    expect(screen.getByText('The list of the day')).toBeTruthy();
  });

  it('has an hour more or less when clocks change', () => {
    const { container } = show({ endAt: at(23) });
    expect(container.querySelector<HTMLElement>('.qd-rule')?.style.getPropertyValue('--n')).toBe('23');
  });
});
