import { Button } from '../../ui/button.tsx';
import { EntryFrame } from './entry-frame.tsx';

/** After a recovery code let somebody in: how many are left. */
export function FewerCodes({ left, onGoOn }: { left: number; onGoOn(): void }) {
  return (
    <EntryFrame title="Sign in" call={leftWords(left)}>
      <p className="text-ink-2">
        You are signed in. The code you used is spent. Make new ones in your account, or set up a new factor if the old
        one is lost.
      </p>
      <Button variant="primary" className="mt-4" onClick={onGoOn}>
        Go on
      </Button>
    </EntryFrame>
  );
}

function leftWords(left: number): string {
  if (left === 0) return 'That was your last recovery code.';
  return left === 1 ? 'You have 1 recovery code left.' : `You have ${left} recovery codes left.`;
}
