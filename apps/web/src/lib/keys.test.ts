import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeyRegistry, keyName, SEQUENCE_MS } from './keys.ts';

let keys = createKeyRegistry();
let done: string[] = [];

function bind(name: string): () => void {
  return keys.add(() => ({ keys: name, label: name, run: () => done.push(name) }));
}
function press(init: KeyboardEventInit, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.addEventListener('keydown', (e) => e instanceof KeyboardEvent && keys.handle(e), { once: true });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  vi.useFakeTimers();
  keys = createKeyRegistry();
  done = [];
  localStorage.clear();
  document.body.innerHTML = '';
});
afterEach(() => void vi.useRealTimers());

test.each([
  [{ key: 'T', code: 'KeyT', shiftKey: true }, 'shift+t'],
  [{ key: '?', code: 'Slash', shiftKey: true }, '?'],
  [{ key: 'k', code: 'KeyK', metaKey: true }, 'mod+k'],
  [{ key: 'K', code: 'KeyK', ctrlKey: true }, 'mod+k'],
  [{ key: 'п', code: 'KeyG' }, 'g'],
  [{ key: 'ArrowDown', code: 'ArrowDown', shiftKey: true }, 'shift+arrowdown'],
])('%o is called %s', (init, name) => {
  expect(keyName({ shiftKey: false, metaKey: false, ctrlKey: false, ...init })).toBe(name);
});

test('a sequence needs its second key in time', () => {
  bind('g o');
  press({ key: 'g' });
  expect(keys.pending()).toBe('g');
  press({ key: 'o' });
  expect(done).toEqual(['g o']);
  press({ key: 'g' });
  vi.advanceTimersByTime(SEQUENCE_MS);
  expect(keys.pending()).toBeNull();
  press({ key: 'o' });
  expect(done).toEqual(['g o']);
});

test('the newest binding of a key wins, and leaves it again', () => {
  bind('j');
  const leave = keys.add(() => ({ keys: 'j', label: '', run: () => done.push('list') }));
  press({ key: 'j' });
  leave();
  press({ key: 'j' });
  expect(done).toEqual(['list', 'j']);
});

test('inside fields and dialogs single keys are text, keys with a modifier still act', () => {
  bind('t');
  bind('mod+k');
  document.body.innerHTML = '<input><div role="dialog"><button type="button">x</button></div><input type="checkbox">';
  const [field, box] = document.querySelectorAll('input');
  const inDialog = document.querySelector('button');
  if (!field || !box || !inDialog) throw new Error('fixture');
  press({ key: 't' }, field);
  press({ key: 't' }, inDialog);
  expect(done).toEqual([]);
  press({ key: 't' }, box);
  const event = press({ key: 'k', ctrlKey: true }, field);
  expect(done).toEqual(['t', 'mod+k']);
  expect(event.defaultPrevented).toBe(true);
});

test('single keys can be turned off', () => {
  bind('t');
  bind('mod+k');
  keys.setSingleKeys(false);
  press({ key: 't' });
  press({ key: 'k', metaKey: true });
  expect(done).toEqual(['mod+k']);
});

test('keys of the browser are left alone', () => {
  bind('t');
  expect(press({ key: 't', altKey: true }).defaultPrevented).toBe(false);
  expect(press({ key: 'r', ctrlKey: true }).defaultPrevented).toBe(false);
  expect(done).toEqual([]);
});
