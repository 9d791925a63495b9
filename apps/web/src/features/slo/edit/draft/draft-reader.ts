import type { FieldError } from '@qd/shared/errors';
import { lengthMs } from './length.ts';
import { ratioOf } from './percent.ts';

/** Collects what cannot even be read, by field, while the input is put together. */
export class DraftReader {
  readonly faults: FieldError[] = [];

  number(text: string, field: string): number | undefined {
    const value = Number(text.trim());
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    this.faults.push({ field, message: text.trim() === '' ? 'is missing' : 'must be a number' });
    return undefined;
  }

  percent(text: string, field: string): number | undefined {
    const value = this.number(text, field);
    return value === undefined ? undefined : ratioOf(value);
  }

  duration(text: string, field: string): number | undefined {
    const ms = lengthMs(text);
    if (ms !== null) return ms;
    const message = text.trim() === '' ? 'is missing' : 'must be a length such as 30d, 6h or 1h30m';
    this.faults.push({ field, message });
    return undefined;
  }
}
