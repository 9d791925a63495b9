// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { Segmented } from './segmented.tsx';

function Harness() {
  const [value, setValue] = useState('all');
  return (
    <Segmented
      label="Rows"
      value={value}
      onChange={setValue}
      options={[
        { value: 'all', label: 'All' },
        { value: 'mine', label: 'Mine', disabled: true },
        { value: 'due', label: 'Due' },
        { value: 'late', label: 'Late' },
      ]}
    />
  );
}

const chosen = () => screen.getAllByRole('radio').find((radio) => radio.getAttribute('aria-checked') === 'true');

describe('Segmented', () => {
  it('is one tab stop, on what is chosen', async () => {
    render(<Harness />);
    expect(screen.getByRole('radiogroup', { name: 'Rows' })).toBeTruthy();
    await userEvent.setup().tab();
    expect(document.activeElement?.textContent).toBe('All');
    expect(screen.getAllByRole('radio').filter((radio) => radio.tabIndex === 0)).toHaveLength(1);
  });

  it.each([
    ['{ArrowRight}', 'Due'],
    ['{ArrowLeft}', 'Late'],
    ['{End}', 'Late'],
    ['{ArrowDown}{ArrowDown}', 'Late'],
    ['{ArrowDown}{ArrowDown}{ArrowDown}', 'All'],
    ['{End}{Home}', 'All'],
  ])('%s moves past what is disabled, chooses and focuses %s', async (keys, label) => {
    render(<Harness />);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard(keys);
    expect(chosen()?.textContent).toBe(label);
    expect(document.activeElement).toBe(chosen());
  });
});
