import { describe, expect, it } from 'vitest';
import { hotAnswer } from './hot-answers.ts';
import { jsonOf, withJson } from './ready-json.ts';

describe('the JSON a value came with', () => {
  it('is sent as it is, and the value need not be made for it', () => {
    const value = withJson(
      {
        get rows(): string[] {
          throw new Error('nobody asked for the rows');
        },
      },
      '{"rows":["a"]}',
    );
    expect(jsonOf(value)).toBe('{"rows":["a"]}');
    expect(hotAnswer(value).body.toString()).toBe('{"result":{"data":{"rows":["a"]}}}');
  });

  it.each([[{ a: [1, null] }], [[]], [null], ['text'], [3]])('is made for %j, which came without', (value) => {
    expect(jsonOf(value)).toBe(JSON.stringify(value));
  });
});
