import type { Config } from '../config.ts';
import type { Container } from '../container.ts';
import type { Ctx } from '../platform/context.ts';
import type { Services } from '../services.ts';
import type { CliIo } from './io.ts';

/** An open console, as commands see it. */
export interface CliConsole {
  ctx: Ctx;
  config: Config;
  container: Container;
  services: Services;
  /** Where browsers reach it. */
  url: string;
}

/** What a command is given: where to write, and how to get at the console when it needs it. */
export interface CliTools {
  io: CliIo;
  open(): Promise<CliConsole>;
}
