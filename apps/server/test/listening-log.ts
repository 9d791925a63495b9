import { pino, type Logger } from 'pino';
import { z } from 'zod';

const line = z.looseObject({ level: z.number(), msg: z.string() });

/** A logger, and what it was told as warnings and errors. */
export function listeningLog(): { log: Logger; heard: { words: string; facts: Record<string, unknown> }[] } {
  const heard: { words: string; facts: Record<string, unknown> }[] = [];
  const write = (text: string): void => {
    const { msg, ...facts } = line.parse(JSON.parse(text));
    heard.push({ words: msg, facts });
  };
  return { log: pino({ level: 'warn', base: null }, { write }), heard };
}
