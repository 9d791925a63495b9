import { describe, expect, it } from 'vitest';
import { createLogger, redactText } from './logger.ts';

function written(act: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  act(createLogger('info', { write: (line) => (text += line) }));
  return text;
}

const key = `hsi_prod_key_${'a'.repeat(8)}${'B'.repeat(38)}`;

describe('the log', () => {
  it('hides values under secret names at any depth', () => {
    const text = written((log) =>
      log.info({ password: 'p1', user: { token: 't1', inner: { authorization: 'a1' } } }, 'hello'),
    );
    for (const secret of ['p1', 't1', 'a1']) expect(text).not.toContain(`"${secret}"`);
    expect(text).toContain('hello');
  });

  it('hides keys and passwords in URLs wherever they stand', () => {
    const text = written((log) =>
      log.error({ err: new Error(`no answer from postgres://me:hunter2@db with ${key}`) }, 'failed'),
    );
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(key);
    expect(text).toContain('hsi_prod_key_aaaaaaaa…');
    expect(redactText('used hsi_prod_key_a1b2c3d4e5f6g7h8 twice')).toBe('used hsi_prod_key_… twice');
  });

  it('keeps causes, cuts stacks short', () => {
    const text = written((log) => log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed'));
    const line = JSON.parse(text) as { err: { message: string; cause: { message: string }; stack: string[] } };
    expect(line.err.cause.message).toBe('inner');
    expect(line.err.stack.length).toBeLessThanOrEqual(8);
  });

  it('leaves ordinary text alone', () => {
    expect(redactText('a_b_c http://host/path user@example.com')).toBe('a_b_c http://host/path user@example.com');
  });
});
