import { useNavigate } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { useUser } from '../../lib/session.tsx';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { useShell } from './shell-context.tsx';

/** What a person can do about their own session. A chunk of its own, like every menu. */
export function AccountMenu({ onSignOut }: { onSignOut(): void }) {
  const user = useUser();
  const { openHelp } = useShell();
  const can = useCan();
  const navigate = useNavigate();
  const to = useTo();
  return (
    <Menu trigger={<IconButton icon="gear" label="Account and keys" />} side="top">
      <p className="px-2 pt-1.5 pb-1 text-micro break-all text-ink-3">{user.email}</p>
      <MenuItem icon="lock" onSelect={() => void navigate(to(paths.account))}>
        Your account
      </MenuItem>
      {can('users:policy', null) && (
        <MenuItem icon="users" onSelect={() => void navigate(to(paths.signInSettings))}>
          Sign-in settings
        </MenuItem>
      )}
      <MenuItem icon="help" kbd="?" onSelect={openHelp}>
        Keyboard map
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon="sign-out" onSelect={onSignOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
