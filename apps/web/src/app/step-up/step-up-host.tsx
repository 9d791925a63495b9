import { lazy, Suspense, useEffect, useState } from 'react';
import { answerProofs, type ProofRequest } from '../../lib/step-up.ts';

const StepUpDialog = lazy(() => import('./step-up-dialog.tsx').then((m) => ({ default: m.StepUpDialog })));

/** Asks the person to prove themselves whenever an act demands it. Acts that come at once wait for each other. */
export function StepUpHost() {
  const [waiting, setWaiting] = useState<readonly ProofRequest[]>([]);
  useEffect(() => answerProofs((request) => setWaiting((before) => [...before, request])), []);
  const [first] = waiting;
  if (first === undefined) return null;
  const settle = (token: string | null): void => {
    setWaiting((before) => before.slice(1));
    first.settle(token);
  };
  return (
    <Suspense>
      <StepUpDialog key={first.demand.act} demand={first.demand} onSettle={settle} />
    </Suspense>
  );
}
