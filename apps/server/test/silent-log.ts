import { pino, type Logger } from 'pino';

/** A logger that says nothing. */
export const silentLog: Logger = pino({ level: 'silent' });
