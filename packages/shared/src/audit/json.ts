import { maskedKeys } from '../api-keys/masked.ts';

/** Values that survive storage as jsonb unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const MAX_TEXT = 4_000;
const MAX_ENTRIES = 200;
const MAX_DEPTH = 8;

// Control and format characters and line separators: none of them may forge or hide part of a log line.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text safe to log: one line, no control or reordering characters, no secret part of an API key, well-formed, at most `maxLength`
 * UTF-16 units.
 */
export function logText(text: string, maxLength = MAX_TEXT): string {
  const clean = maskedKeys(text.toWellFormed().replaceAll(hidden, ' '));
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1).toWellFormed()}…`;
}

/**
 * Any value as JSON that storage gives back unchanged: dates as ISO text, big integers as text, hidden characters removed,
 * bytes and functions named but not kept, depth and size bounded (the cut is marked with `…`).
 */
export function toJson(value: unknown, depth = 0): Json {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
      return logText(value);
    case 'boolean':
      return value;
    case 'number':
      return finite(value);
    case 'bigint':
      return logText(value.toString());
    case 'object':
      return fromObject(value, depth);
    default:
      return `[${typeof value}]`;
  }
}

/** As `toJson`, for the object fields of an audit row. */
export function toJsonObject(value: object): JsonObject {
  return entries(value, 0);
}

function fromObject(value: object, depth: number): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '…';
  if (!Array.isArray(value)) return entries(value, depth);
  const kept = value.slice(0, MAX_ENTRIES).map((v) => toJson(v, depth + 1));
  return value.length > MAX_ENTRIES ? [...kept, '…'] : kept;
}

function entries(value: object, depth: number): JsonObject {
  const all = Object.entries(value).filter(([, v]) => v !== undefined);
  const kept = all.slice(0, MAX_ENTRIES).map(([k, v]): [string, Json] => [logText(k, 200), toJson(v, depth + 1)]);
  if (all.length > MAX_ENTRIES) kept.push(['…', all.length - MAX_ENTRIES]);
  return Object.fromEntries(kept);
}

function finite(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? 0 : value;
}
