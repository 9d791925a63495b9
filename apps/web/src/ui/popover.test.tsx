import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Popover } from './popover.tsx';

function openable() {
  render(
    <Popover
      title="Budget policy"
      trigger={(props) => (
        <button {...props} type="button">
          Policy
        </button>
      )}
    >
      Over 20% left: ship.
    </Popover>,
  );
  const button = screen.getByRole('button', { name: 'Policy' });
  const sheet = document.getElementById(button.getAttribute('popovertarget') ?? '');
  if (sheet === null) throw new Error('the button opens nothing');
  return { button, sheet };
}

/** What the browser does when it shows or hides the sheet. */
function toggle(sheet: HTMLElement, newState: 'open' | 'closed'): void {
  fireEvent(sheet, Object.assign(new Event('toggle'), { newState }));
}

it('ties the sheet to its button, named by its title', () => {
  const { button, sheet } = openable();
  expect(button.getAttribute('aria-haspopup')).toBe('dialog');
  expect(sheet.getAttribute('popover')).toBe('auto');
  const title = document.getElementById(sheet.getAttribute('aria-labelledby') ?? '');
  expect(title?.textContent).toBe('Budget policy');
});

it('says whether it is open, moves the focus in, and stands inside the window', () => {
  const { button, sheet } = openable();
  expect(button.getAttribute('aria-expanded')).toBe('false');
  toggle(sheet, 'open');
  expect(button.getAttribute('aria-expanded')).toBe('true');
  expect(document.activeElement).toBe(sheet);
  expect(sheet.style.left).toBe('12px');
  expect(sheet.style.visibility).toBe('visible');
  toggle(sheet, 'closed');
  expect(button.getAttribute('aria-expanded')).toBe('false');
});
