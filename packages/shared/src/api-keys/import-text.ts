import { candidateOf, readShortKey } from './candidate.ts';
import { importKeyInput, MAX_OPAQUE_LENGTH } from './create.ts';
import { characterFault, parseKey } from './diagnose.ts';
import type { Crc32, KeyEnvironment } from './format.ts';

/** How a key made elsewhere is written. One of the short form says where it is for; any other says nothing. */
export type ForeignForm =
  | { format: 'seed16'; prefix: string; environment: KeyEnvironment }
  | { format: 'opaque'; prefix: ''; environment: null };

/** The form of a text that may be taken in, or why it may not, as a sentence that holds no more than one character of it. */
export type ForeignKey = { ok: true; form: ForeignForm } | { ok: false; message: string };

/**
 * Says whether a text can be taken in as a key made elsewhere, and how it is written, without asking anyone. Our own long form is
 * refused, whole or damaged: those are made here.
 */
export function readForeignKey(text: string, crc32: Crc32): ForeignKey {
  const fault = faultOf(text, crc32);
  if (fault !== null) {
    const upper = fault.charAt(0).toUpperCase() + fault.slice(1);
    return { ok: false, message: /[.!?]$/.test(upper) ? upper : `${upper}.` };
  }
  const short = readShortKey(text);
  if (short === null) return { ok: true, form: { format: 'opaque', prefix: '', environment: null } };
  return { ok: true, form: { format: 'seed16', prefix: short.prefix, environment: short.environment } };
}

function faultOf(text: string, crc32: Crc32): string | null {
  const shape = importKeyInput.shape.text.safeParse(text);
  const shapeFault = shape.success ? null : (shape.error.issues[0]?.message ?? 'this is no key');
  if (text.length > MAX_OPAQUE_LENGTH) return shapeFault;
  const strange = characterFault(text, /^[!-~]$/);
  if (strange !== null) return strange.message;
  if (shapeFault !== null) return shapeFault;
  const candidate = candidateOf(text, crc32);
  if (candidate?.format === 'v2') return 'keys of this form are made here; create a key instead';
  const parsed = parseKey(text, crc32);
  return candidate === null && !parsed.ok ? parsed.fault.message : null;
}
