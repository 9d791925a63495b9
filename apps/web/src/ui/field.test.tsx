// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Field, Input, PasswordInput } from './field.tsx';

describe('Field', () => {
  it('ties label, hint and error to its control', () => {
    render(
      <Field label="Name" hint="2 to 40 letters" error="The name is taken. Choose another one." required>
        <Input />
      </Field>,
    );
    const input = screen.getByLabelText('Name');
    const described = (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(['The name is taken. Choose another one.', '2 to 40 letters']);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(input.getAttribute('aria-required')).toBe('true');
  });

  it('is not invalid without an error', () => {
    render(
      <Field label="Name" error={undefined}>
        <Input />
      </Field>,
    );
    expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('PasswordInput', () => {
  it('can be shown, and takes what is pasted', async () => {
    render(
      <Field label="Password">
        <PasswordInput />
      </Field>,
    );
    const user = userEvent.setup();
    const input = screen.getByLabelText<HTMLInputElement>('Password');
    await user.click(input);
    await user.paste('correct horse');
    expect(input.value).toBe('correct horse');
    expect(input.type).toBe('password');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(input.type).toBe('text');
    expect(screen.getByRole('button', { name: 'Show password' }).getAttribute('aria-pressed')).toBe('true');
  });
});
