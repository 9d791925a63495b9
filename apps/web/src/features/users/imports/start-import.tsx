import { Link } from 'react-router';
import { byServerClock } from '../../../lib/clock.ts';
import { formatClock } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Call, DatumLine } from '../../../ui/call.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { CallSkeleton, Delayed } from '../../../ui/skeleton.tsx';
import { ChooseFile } from './choose-file.tsx';
import { ImportHistory } from './import-history.tsx';
import { useImports } from './use-imports.ts';

function callOf(imports: ReturnType<typeof useImports>): string {
  const newest = imports.data?.pages[0]?.rows[0];
  if (newest === undefined) return 'No file of people has been imported yet.';
  const open = imports.data?.pages.flatMap((page) => page.rows).filter((row) => row.state === 'checked').length ?? 0;
  if (open > 0) return `${open === 1 ? '1 file is' : `${open} files are`} checked and not imported yet.`;
  return 'Every file that could be read is imported or taken back.';
}

/** A new file, and what became of earlier ones. */
export function StartImport({ onShow }: { onShow(id: string): void }) {
  const to = useTo();
  const { zone } = useTimeZone();
  const imports = useImports();
  return (
    <>
      {imports.data === undefined && imports.error === null ? (
        <Delayed words="Reading earlier imports…">
          <CallSkeleton />
        </Delayed>
      ) : (
        <>
          <Call>{imports.data === undefined ? 'Earlier imports did not load.' : callOf(imports)}</Call>
          <DatumLine
            items={[
              ...(imports.dataUpdatedAt === 0
                ? []
                : [
                    {
                      key: 'as-of',
                      glyph: imports.error === null ? ('ok' as const) : ('unknown' as const),
                      content: (
                        <>
                          As of{' '}
                          <b>
                            {formatClock(byServerClock(imports.dataUpdatedAt), zone, { seconds: true, withZone: true })}
                          </b>
                        </>
                      ),
                    },
                  ]),
              { key: 'dry', content: 'A file is checked first; nothing changes until you say so' },
              {
                key: 'people',
                content: (
                  <Link to={to(paths.users)} className={linkClass}>
                    Back to people
                  </Link>
                ),
              },
            ]}
          />
        </>
      )}
      <ChooseFile onShow={onShow} />
      <ImportHistory imports={imports} onShow={onShow} />
    </>
  );
}
