import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { keepOrder, useStableOrder } from './stable-order.ts';

function List({ items }: { items: string[] }) {
  const { rows, pending, hold } = useStableOrder(items, (item) => item);
  return (
    <ol data-testid="list" data-pending={pending} {...hold}>
      {rows.map((row) => (
        <li key={row}>
          <button type="button">{row}</button>
        </li>
      ))}
    </ol>
  );
}

const shown = (): string =>
  screen
    .getAllByRole('listitem')
    .map((row) => row.textContent)
    .join('');

test('places stay, the new goes last, the gone leaves', () => {
  expect(keepOrder(['a', 'b', 'c'], ['d', 'c', 'a'])).toEqual(['a', 'c', 'd']);
});

test('rows do not move under the pointer, and move when it has left', () => {
  const { rerender } = render(<List items={['a', 'b']} />);
  fireEvent.pointerEnter(screen.getByTestId('list'));
  rerender(<List items={['b', 'a', 'c']} />);
  expect(shown()).toBe('abc');
  expect(screen.getByTestId('list').dataset['pending']).toBe('true');
  fireEvent.pointerLeave(screen.getByTestId('list'));
  expect(shown()).toBe('bac');
});

test('rows do not move under the focus', () => {
  const { rerender } = render(<List items={['a', 'b']} />);
  const button = screen.getByRole('button', { name: 'a' });
  fireEvent.focus(button);
  rerender(<List items={['b', 'a']} />);
  expect(shown()).toBe('ab');
  fireEvent.blur(button, { relatedTarget: document.body });
  expect(shown()).toBe('ba');
});
