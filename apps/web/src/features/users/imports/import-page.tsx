import { useNavigate } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo, useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Call } from '../../../ui/call.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { OneImport } from './one-import.tsx';
import { StartImport } from './start-import.tsx';

/** What would this file of people do, and should it? */
export function ImportPage() {
  const can = useCan();
  const [id] = useUrlParam('file');
  const navigate = useNavigate();
  const to = useTo();
  if (!can('users:import')) {
    return (
      <>
        <Call>Importing people is not open to your role.</Call>
        <div className="mt-4 max-w-[640px]">
          <Forbidden title="Owners and admins can import people from a file.">
            Ask one of them, or have people invited one by one.
          </Forbidden>
        </div>
      </>
    );
  }
  const show = (next: string | null) => void navigate(to(paths.userImport, { file: next }));
  return id === null ? <StartImport onShow={show} /> : <OneImport key={id} id={id} onBack={() => show(null)} />;
}
