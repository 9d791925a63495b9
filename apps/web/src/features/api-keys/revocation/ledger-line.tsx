import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../../lib/clock.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { StatusWord } from '../../../ui/status-word.tsx';
import { ledgerWords } from './ledger-words.ts';

const REFRESH_MS = 60_000;

/** How the ledger of ended keys fares; nothing for who does not see the keys of all platforms. */
export function LedgerLine() {
  const trpc = useTRPC();
  const nowMs = useNow(5_000);
  const query = useQuery(trpc.apiKeys.ledger.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const view = query.data;
  if (view === undefined) {
    return query.error === null ? null : <ReadTrouble title="The ledger of ended keys did not load." query={query} />;
  }
  if (view === null) return null;
  const { tone, text } = ledgerWords(view, nowMs);
  return (
    <section aria-label="Ledger of ended keys" className="mt-3 min-w-0">
      <StatusWord tone={tone} className="whitespace-normal!">
        {text}
      </StatusWord>
      <p className="mt-1 text-small text-ink-3">
        Kept outside the database, so that no restored copy brings a key back.
        {view.isBesideDatabase &&
          ' Here both lie in one folder, and restoring that folder takes back both: set QD_AUDIT_DIR to another disk.'}
      </p>
    </section>
  );
}
