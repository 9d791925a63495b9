import type { Permission } from '@qd/shared/permissions';
import { json, type Request, type RequestHandler } from 'express';
import { assertCanSomewhere, denialOf } from './access.ts';
import type { Actor, Ctx } from './context.ts';
import type { DenialLog } from './denials.ts';
import { handler } from './problem.ts';
import { sendTableFile, type TableFile } from './table-file.ts';

/** Who calls the REST part, and what verbs are called with. */
export interface MachineDoor {
  /** The machine behind a request, or a person where that is allowed; throws `unauthenticated`. `permission`: what the call needs. */
  authenticate(req: Request, permission?: Permission): Promise<Actor>;
  ctx(req: Request, actor: Actor): Ctx;
  onDenied?: DenialLog;
}

/** What a call answers: JSON, text of a type of its own, or a table to be kept as a file. */
export type MachineAnswer =
  | { status?: number; body: unknown; type?: never }
  | { status?: number; body: string; type: string; headers?: Readonly<Record<string, string>> }
  | { file: TableFile };

/** One call of the REST part. */
export interface MachineCall {
  /** `feature.verb`, for the log of refusals. */
  action: `${string}.${string}`;
  /** Needed on at least one platform; the verb checks the platform of what it touches. */
  permission: Permission;
  /** Longest body, e.g. `16kb`; without it none is read. */
  maxBody?: string;
  /** Gives the body of the answer, and its status where that is not 200. With a `type`, the body is text of that type. */
  run(ctx: Ctx, req: Request): Promise<MachineAnswer>;
}

/**
 * Handlers of one call. Strangers are turned away before their body is read; refusals are noted; the answer is JSON.
 */
export function machineCall(door: MachineDoor, call: MachineCall): RequestHandler[] {
  const callers = new WeakMap<Request, Ctx>();
  const callerOf = (req: Request): Ctx => {
    const ctx = callers.get(req);
    if (ctx === undefined) throw new Error('a request came in without a caller');
    return ctx;
  };
  const noted = async <T>(ctx: Ctx, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const denial = denialOf(error);
      if (denial !== null) await door.onDenied?.(ctx, denial, call.action);
      throw error;
    }
  };
  const enter: RequestHandler = (req, _res, next) => {
    const admit = async (): Promise<void> => {
      const ctx = door.ctx(req, await door.authenticate(req, call.permission));
      await noted(ctx, async () => assertCanSomewhere(ctx, call.permission));
      callers.set(req, ctx);
    };
    admit().then(() => next(), next);
  };
  const answer = handler(async (req, res) => {
    const ctx = callerOf(req);
    const answered = await noted(ctx, () => call.run(ctx, req));
    if ('file' in answered) {
      await sendTableFile(res, answered.file);
      return;
    }
    const { status = 200, body, type } = answered;
    if (type === undefined) res.status(status).json(body);
    else
      res
        .status(status)
        .set(answered.headers ?? {})
        .type(type)
        .send(body);
  });
  return call.maxBody === undefined ? [enter, answer] : [enter, json({ limit: call.maxBody, strict: true }), answer];
}
