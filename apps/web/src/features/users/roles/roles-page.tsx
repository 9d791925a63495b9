import { useCan } from '../../../lib/use-can.ts';
import { Call } from '../../../ui/call.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { Roles } from './roles.tsx';

/** What may each role do, and who holds it? */
export function RolesPage() {
  const can = useCan();
  if (can('roles:read')) return <Roles />;
  return (
    <>
      <Call>Roles are not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins, commanders, support and auditors can read them.">
          Ask one of them what a role may do, or an owner for a role that may read it.
        </Forbidden>
      </div>
    </>
  );
}
