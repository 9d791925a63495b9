import type { NewLink, PersonView, ResetLinkKind } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { LinkOnce } from '../../../lib/link-once.tsx';
import { Button } from '../../../ui/button.tsx';
import { usePersonMutations } from '../use-users-mutations.ts';
import { PanelSection } from './panel-section.tsx';
import { useWhyNot } from './why-not.ts';

const kindWords: Readonly<Record<ResetLinkKind, { button: string; title: string; cost: string }>> = {
  password: {
    button: 'Send password link',
    title: 'Send a link for a new password?',
    cost: 'With it the person sets a new password. All their sessions end when they do.',
  },
  factors: {
    button: 'Send two-step reset',
    title: 'Send a link that takes two-step off?',
    cost: 'With it the person takes every second factor off, and signs in by password until they set one up again. All their sessions end.',
  },
};

function factorWords({ factors }: PersonView['signIn']): string {
  const words = [
    factors.includes('totp') ? 'Authenticator app' : '',
    factors.includes('passkey') ? 'Passkey' : '',
    factors.includes('recovery') ? 'Recovery codes left' : '',
  ].filter(Boolean);
  return words.length === 0 ? 'No second factor.' : `${words.join(', ')}.`;
}

/** Without a password, nothing would be left to sign in with. */
function whyNoFactorLink({ name, signIn }: PersonView): string | undefined {
  if (signIn.factors.length === 0) return 'There is no second factor to take off.';
  return signIn.password ? undefined : `${name} has no password; send a password link first.`;
}

/** What the person proves themselves with, and the ways back in for who lost it. */
export function ResetSection({ person, now }: { person: PersonView; now: number }) {
  const [asked, setAsked] = useState<ResetLinkKind | null>(null);
  const [link, setLink] = useState<NewLink | null>(null);
  const whyNot = useWhyNot(person);
  const { sendResetLink } = usePersonMutations();
  if (person.state !== 'active' && person.state !== 'suspended') return null;
  return (
    <PanelSection title="Two-step and password">
      <p className="text-ink-2">{factorWords(person.signIn)}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="s" disabledReason={whyNot('reset')} onClick={() => setAsked('password')}>
          {kindWords.password.button}
        </Button>
        <Button
          size="s"
          disabledReason={whyNot('reset') ?? whyNoFactorLink(person)}
          onClick={() => setAsked('factors')}
        >
          {kindWords.factors.button}
        </Button>
      </div>
      {link !== null && <LinkOnce link={link} email={person.email} now={now} />}
      {asked !== null && (
        <ActDialog
          title={kindWords[asked].title}
          cost={kindWords[asked].cost}
          confirmLabel={kindWords[asked].button}
          danger={asked === 'factors'}
          onAct={async (reason) => setLink(await sendResetLink.mutateAsync({ id: person.id, kind: asked, reason }))}
          onClose={() => setAsked(null)}
        />
      )}
    </PanelSection>
  );
}
