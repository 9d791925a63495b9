// @vitest-environment jsdom
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { ConfirmDialog } from './confirm-dialog.tsx';

const base = {
  open: true,
  title: 'End the old key?',
  cost: '1,403 requests a minute would be refused.',
  confirmLabel: 'End key',
};

describe('ConfirmDialog', () => {
  it('names itself, tells the cost and waits for the name, letter for letter', async () => {
    const onConfirm = vi.fn();
    render(<ConfirmDialog {...base} typeName="miner-ingest" onOpenChange={() => undefined} onConfirm={onConfirm} />);
    const user = userEvent.setup();
    const dialog = screen.getByRole('dialog', { name: 'End the old key?' });
    expect(document.getElementById(dialog.getAttribute('aria-describedby') ?? '')?.textContent).toBe(base.cost);
    const field = screen.getByLabelText('Type miner-ingest to confirm');
    await waitFor(() => expect(document.activeElement).toBe(field));
    await user.type(field, 'miner-inges');
    await user.click(screen.getByRole('button', { name: 'End key' }));
    expect(onConfirm).not.toHaveBeenCalled();
    await user.type(field, 't{Enter}');
    expect(onConfirm).toHaveBeenCalledOnce();
  });

  it('closes with Escape without doing anything, and forgets what was typed', async () => {
    const onConfirm = vi.fn();
    const onOpenChange = vi.fn();
    const props = { ...base, typeName: 'miner', onConfirm, onOpenChange };
    const { rerender } = render(<ConfirmDialog {...props} />);
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Type miner to confirm'), 'miner');
    await user.keyboard('{Escape}');
    expect(onOpenChange).toHaveBeenCalledWith(false);
    rerender(<ConfirmDialog {...props} open={false} />);
    rerender(<ConfirmDialog {...props} open />);
    expect(screen.getByLabelText<HTMLInputElement>('Type miner to confirm').value).toBe('');
    expect(onConfirm).not.toHaveBeenCalled();
  });

  it('rests on the button that keeps things as they are', async () => {
    render(<ConfirmDialog {...base} onOpenChange={() => undefined} onConfirm={() => undefined} />);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Keep it' })));
  });
});
