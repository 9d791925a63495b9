import { useCan } from '../../lib/use-can.ts';
import { Call } from '../../ui/call.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { Directory } from './directory/directory.tsx';

/** Who can do what, and should they? */
export function UsersPage() {
  const can = useCan();
  if (can('users:read')) return <Directory />;
  return (
    <>
      <Call>The directory of people is not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins, commanders, support and auditors can read it.">
          Ask one of them to look somebody up, or an owner for a role that may.
        </Forbidden>
      </div>
    </>
  );
}
