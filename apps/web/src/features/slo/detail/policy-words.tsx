import type { SloDetail } from '@qd/shared/slo';
import { useState } from 'react';
import { formatDecimal } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { windowSubject } from '../window-words.ts';
import { meaningOf } from './policy-stage.ts';

/** The zones of the policy with what each means here, who is judged by what, and the line a pipeline asks with. */
export function PolicyWords({ slo, nowMs }: { slo: SloDetail; nowMs: number }) {
  const caution = formatDecimal(slo.policy.cautionRatio * 100, 1);
  const freeze = formatDecimal(slo.policy.freezeRatio * 100, 1);
  const { meanings } = slo;
  const zones: [string, string][] = [
    [`Over ${caution}% left`, `Ship. ${meaningOf(meanings, 'ship')}`],
    [`${caution} to ${freeze}%`, `Caution. ${meaningOf(meanings, 'caution')}`],
    [`Under ${freeze}%`, `Freeze. ${meaningOf(meanings, 'freeze')}`],
    ['Nothing left', `Overspent. ${meaningOf(meanings, 'overspent')}`],
    ['Judged by', `${windowSubject(slo.budget.window, nowMs).words}. Time without data is never counted as good.`],
  ];
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-small">
        {zones.map(([name, words]) => (
          <div key={name} className="contents">
            <dt className="font-strong text-ink">{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <Gate id={slo.id} />
    </>
  );
}

/** The command that asks the policy from a pipeline: `"allow": true` means that a release may go out. */
export function gateCommand(id: string, origin: string): string {
  return `curl -fsS -H "Authorization: Bearer $KEY" ${origin}/api/v1/slos/${encodeURIComponent(id)}/gate`;
}

function Gate({ id }: { id: string }) {
  const [said, setSaid] = useState('');
  const command = gateCommand(id, window.location.origin);
  const copy = () => {
    navigator.clipboard.writeText(command).then(
      () => setSaid('Copied.'),
      () => setSaid('Not copied: select it and copy by hand.'),
    );
  };
  return (
    <div className="mt-2.5 border-t border-line pt-2 text-small">
      <p>Ask it before a release, with an API key that reads SLOs:</p>
      <code className="mono mt-1 block rounded-2 border border-line bg-surface px-2 py-1.5 break-all text-ink select-all">
        {command}
      </code>
      <div className="mt-1.5 flex items-center gap-2">
        <Button size="s" icon="copy" onClick={copy}>
          Copy command
        </Button>
        <span role="status">{said}</span>
      </div>
    </div>
  );
}
