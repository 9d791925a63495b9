import { oidcRefusalWords } from '@qd/shared/users';
import { ErrorState } from '../../ui/error-state.tsx';

/** Why somebody came back from an identity provider without being signed in; nothing for a text that names no refusal. */
export function ProviderRefusal({ refused }: { refused: string }) {
  const words = oidcRefusalWords(refused);
  if (words === null) return null;
  return (
    <ErrorState className="mb-4" title="The identity provider did not sign you in.">
      {words}
    </ErrorState>
  );
}
