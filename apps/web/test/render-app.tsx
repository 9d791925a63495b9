import { render } from '@testing-library/react';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { MemoryRouter, Route, Routes, useLocation } from 'react-router';
import { vi } from 'vitest';
import { Shell } from '../src/app/shell/shell.tsx';
// Screens arrive by themselves when first shown; imported here, no test pays for reading them.
import '../src/app/overview/overview-page.tsx';
import '../src/app/palette/palette.tsx';
import '../src/app/shell/remove-demo-dialog.tsx';
import '../src/app/slo-screens.tsx';
import '../src/features/api-keys/keys-page.tsx';
import '../src/features/audit/audit-page.tsx';
import '../src/features/users/users-page.tsx';
import type { ApiOutputs, AppRouter } from '../src/lib/api.ts';
import { aSession, aSlo, lanes, NOW, sources } from './fixtures.ts';

type Leaves = {
  [R in Extract<keyof ApiOutputs, string> as `${R}.${Extract<keyof ApiOutputs[R], string>}`]: unknown;
};

/** An answer of the server, its refusal, `'pending'` for one that never comes, or a function of the input that gives one. */
export type Answers = Partial<Record<keyof Leaves | `${string}.${string}.${string}`, unknown>>;

/** A refusal as the server words it. */
export function refusal(domainCode: string, message: string, requestId = 'req_7f3a91c2'): Error {
  const data = { domainCode, fields: [], requestId, retryAfterSeconds: null };
  return TRPCClientError.from({ error: { message, code: -32603, data } });
}

/** What a healthy console answers on the day of the fixtures. */
export const healthy: Answers = {
  'session.get': aSession(),
  'platforms.list': [
    { id: 'hashinsight', name: 'HashInsight', isDemo: true, sloCount: 2 },
    { id: 'web3-audit', name: 'Web3 Audit', isDemo: true, sloCount: 1 },
    { id: 'stellarescrow', name: 'StellarEscrow', isDemo: true, sloCount: 1 },
  ],
  'slo.list': { rows: lanes.map((lane) => lane.slo ?? aSlo()), asOf: NOW },
  'slo.lanes': { lanes, asOf: NOW },
  'changes.day': { marks: [] },
  'health.sources': { sources, asOf: NOW },
  'approvals.counts': { toApprove: 0, toExecute: 0, isCut: false, open: 0 },
  'approvals.list': { rows: [], nextCursor: null },
  'audit.checkpoints': { rows: [], nextCursor: null, publicKey: null, place: '/var/lib/quarterdeck/audit' },
};

function fakeLink(answers: Answers, calls: { path: string; input: unknown }[]): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        calls.push({ path: op.path, input: op.input });
        const found: unknown = answers[op.path as keyof Answers];
        const answer: unknown = typeof found === 'function' ? (found as (input: unknown) => unknown)(op.input) : found;
        if (answer === 'pending') return;
        if (answer === undefined) observer.error(TRPCClientError.from(new Error(`no answer for ${op.path}`)));
        else if (answer instanceof Error) observer.error(TRPCClientError.from(answer));
        else {
          observer.next({ result: { type: 'data', data: answer } });
          observer.complete();
        }
      });
}

/** The event stream of a test: says nothing unless told to. */
export class QuietStream extends EventTarget {
  static open: QuietStream | null = null;
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    QuietStream.open = this;
  }
  close(): void {
    this.readyState = 2;
  }
}

/** The whole product behind sign-in at an address, on faked answers; time stands at NOW unless the test moves it. */
export function renderApp(path: string, answers: Answers = {}) {
  vi.stubGlobal('EventSource', QuietStream);
  const calls: { path: string; input: unknown }[] = [];
  const address = { current: '' };
  const Address = () => {
    const { pathname, search } = useLocation();
    address.current = `${pathname}${search}`;
    return null;
  };
  const view = render(
    <MemoryRouter initialEntries={[path]}>
      <Routes>
        <Route path="/sign-in" element={null} />
        <Route path="/welcome" element={null} />
        <Route path="*" element={<Shell links={[fakeLink({ ...healthy, ...answers }, calls)]} />} />
      </Routes>
      <Address />
    </MemoryRouter>,
  );
  return { ...view, calls, address };
}
