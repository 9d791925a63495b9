// @vitest-environment jsdom
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';

describe('Button', () => {
  it('is named by its words, not by its key', () => {
    render(<Button kbd="E">Escalate</Button>);
    expect(screen.getByRole('button', { name: 'Escalate' }).getAttribute('type')).toBe('button');
  });

  it('keeps focus, says why and does nothing while it has a reason', async () => {
    const onClick = vi.fn();
    render(
      <Button disabledReason="Postgres is down since 14:43." onClick={onClick}>
        Run backup
      </Button>,
    );
    const user = userEvent.setup();
    const button = screen.getByRole('button', { name: 'Run backup' });
    await user.tab();
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    const described = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toBe('Postgres is down since 14:43.');
    await user.keyboard('{Enter}');
    await user.click(button);
    expect(onClick).not.toHaveBeenCalled();
  });

  it('stays the same element, with its focus, when the reason goes away', async () => {
    const { rerender } = render(<Button disabledReason="Type the name to confirm">End key</Button>);
    const user = userEvent.setup();
    await user.tab();
    const before = document.activeElement;
    rerender(<Button>End key</Button>);
    expect(document.activeElement).toBe(before);
    expect(screen.getByRole('button').getAttribute('aria-disabled')).toBeNull();
  });

  it('takes no second press while it runs, not even to submit', async () => {
    const onSubmit = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
    const { container } = render(
      <form onSubmit={onSubmit}>
        <Button type="submit" pending>
          Save
        </Button>
      </form>,
    );
    const button = within(container).getByRole('button');
    await userEvent.setup().click(button);
    expect(button.getAttribute('aria-busy')).toBe('true');
    expect(onSubmit).not.toHaveBeenCalled();
  });
});

describe('IconButton', () => {
  it('has a name and runs', async () => {
    const onClick = vi.fn();
    render(<IconButton icon="moon" label="Switch theme" kbd="T" onClick={onClick} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Switch theme' }));
    expect(onClick).toHaveBeenCalledOnce();
  });
});
