import { useCan } from '../../lib/use-can.ts';
import { Call } from '../../ui/call.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { KeysScreen } from './keys-screen.tsx';

/** Which keys are due, and who still uses the old one? */
export function KeysPage() {
  const can = useCan();
  if (can('api-keys:read')) return <KeysScreen />;
  return (
    <>
      <Call>API keys are not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins, commanders, operators, support and auditors can see them.">
          Ask one of them about a key, or an owner for a role that may.
        </Forbidden>
      </div>
    </>
  );
}
