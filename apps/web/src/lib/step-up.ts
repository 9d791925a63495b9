import type { StepUpDemand } from '@qd/shared/errors';
import type { Operation, TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from './api.ts';

/** A dangerous act that waits for its person to prove themselves; `settle` with a token lets it pass, with null gives it up. */
export interface ProofRequest {
  demand: StepUpDemand;
  settle(token: string | null): void;
}

type Asker = (request: ProofRequest) => void;
let asker: Asker | null = null;

/** Says who asks the person; gives what takes that back. One at a time. */
export function answerProofs(next: Asker): () => void {
  asker = next;
  return () => {
    if (asker === next) asker = null;
  };
}

/** The demand behind an error, or null when it is another one. */
export function demandOf(error: unknown): StepUpDemand | null {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null;
  const data = error.data as { domainCode?: unknown; stepUp?: unknown } | null;
  return data?.domainCode === 'step_up' && data.stepUp ? (data.stepUp as StepUpDemand) : null;
}

/** Resolves to the token of a proof, or to null when the person gave up or nobody can ask. */
export function askForProof(demand: StepUpDemand): Promise<string | null> {
  const ask = asker;
  if (ask === null) return Promise.resolve(null);
  return new Promise((settle) => {
    ask({ demand, settle });
  });
}

const PROOF_HEADER = 'x-qd-step-up';

/** Header that carries a proof with the act it was given for. */
export function proofHeader(op: Pick<Operation, 'context'>): Record<string, string> {
  const token = op.context['stepUpToken'];
  return typeof token === 'string' ? { [PROOF_HEADER]: token } : {};
}

/** Runs an act that is no call of the client, such as a download, again with a proof when the server asks for one. */
export async function withProof<T>(act: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  try {
    return await act({});
  } catch (error) {
    const demand = demandOf(error);
    const token = demand === null ? null : await askForProof(demand);
    if (token === null) throw error;
    return act({ [PROOF_HEADER]: token });
  }
}

/** Sends an act again with a proof when the server asks for one: whoever called it only sees it take longer. */
export function stepUpLink(): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let running = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => void retry(error),
        });
        async function retry(error: TRPCClientError<AppRouter>): Promise<void> {
          const demand = op.type === 'mutation' ? demandOf(error) : null;
          const token = demand === null ? null : await askForProof(demand);
          if (token === null) return observer.error(error);
          running = next({ ...op, context: { ...op.context, stepUpToken: token } }).subscribe(observer);
        }
        return () => running.unsubscribe();
      });
}
