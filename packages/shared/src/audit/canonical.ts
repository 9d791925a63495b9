import type { Json } from './json.ts';
import type { AuditFacts } from './types.ts';

/** Names the format inside every hash, so that a later one cannot be confused with it. */
const FORMAT = 'quarterdeck-audit-1';

/** JSON with sorted keys and no blanks, as in RFC 8785: equal values give equal text, whatever order they were built in. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // Default sort compares UTF-16 units, which is the order the RFC asks for.
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((k) => `${JSON.stringify(k)}:${canonicalJson(value[k] ?? null)}`).join(',')}}`;
}

/**
 * The text an audit row's hash is taken over (UTF-8): format name, length in bytes, canonical JSON of every fact.
 * The hash of a row is SHA-256 of the previous row's 32 hash bytes followed by this text.
 */
export function canonicalRow(facts: AuditFacts): string {
  const json = canonicalJson({
    seq: facts.seq,
    event_id: facts.event_id,
    timestamp: facts.timestamp,
    level: facts.level,
    category: facts.category,
    action: facts.action,
    status: facts.status,
    actor_kind: facts.actor_kind,
    user_id: facts.user_id,
    user_email: facts.user_email,
    user_role: facts.user_role,
    ip_address: facts.ip_address,
    request_id: facts.request_id,
    platform: facts.platform,
    target: facts.target === null ? null : { kind: facts.target.kind, id: facts.target.id },
    details: facts.details,
    before: facts.before,
    after: facts.after,
    ...(facts.impersonator_id === undefined ? {} : { impersonator_id: facts.impersonator_id }),
  });
  return `${FORMAT}:${utf8Length(json)}:${json}`;
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
