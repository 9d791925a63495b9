import type { SecretView } from '@qd/shared/secrets';
import { usePlatformScope, useUrlParams } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { closedParams, pageParams } from './page-params.ts';
import { SecretDrawer } from './secret-drawer.tsx';
import { SecretForm } from './secret-form.tsx';

export interface BesideProps {
  rows: readonly SecretView[];
  /** Platforms the reader may write for. */
  mine: readonly { id: string; name: string }[];
  nameOf(platform: string): string;
  nowMs: number;
}

/** What the address opens beside the list: one secret, or a form. */
export function Beside({ rows, mine, nameOf, nowMs }: BesideProps) {
  const can = useCan();
  const [scope] = usePlatformScope();
  const [{ row, edit }, set] = useUrlParams(pageParams);
  const close = () => set(closedParams);
  const found = (id: string | undefined) => rows.find((one) => one.id === id);
  if (edit === 'new') {
    return mine.length === 0 ? null : <SecretForm existing={null} platform={scope} platforms={mine} onClose={close} />;
  }
  const edited = found(edit);
  if (edited !== undefined && can('secrets:write', edited.platform)) {
    return <SecretForm existing={edited} platform={null} platforms={mine} onClose={() => set({ edit: null })} />;
  }
  const opened = found(row);
  if (opened === undefined) return null;
  return (
    <SecretDrawer
      secret={opened}
      platformName={nameOf(opened.platform)}
      mayAct={can('secrets:write', opened.platform)}
      nowMs={nowMs}
      onEdit={() => set({ edit: opened.id })}
      onClose={close}
    />
  );
}
