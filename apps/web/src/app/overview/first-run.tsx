import { useCan } from '../../lib/use-can.ts';
import { SectionHead } from '../../ui/section-head.tsx';

const file = `platform: shop
prometheus: http://localhost:9090
slos:
  - { name: Availability, target: 99.9, total: http_requests_total,
      bad: 'http_requests_total{code=~"5.."}' }`;

/** How to point the console at a Prometheus, in five lines and one command. */
export function FirstRun() {
  const can = useCan();
  const may = can('slo:write', null);
  return (
    <section aria-labelledby="first-run" className="mt-8 max-w-[760px]">
      <SectionHead id="first-run" title="Point Quarterdeck at your Prometheus" note="five lines and one command" />
      <div className="border-t border-ink pt-3">
        <p className="text-ink-2">
          An objective needs one counter of all requests and one of the bad ones. Write them down as{' '}
          <span className="mono">shop.yaml</span>:
        </p>
        <pre className="mono mt-2 overflow-x-auto rounded-2 border border-line bg-surface px-3.5 py-3" tabIndex={0}>
          {file}
        </pre>
        <p className="mt-3 text-ink-2">Then, where the console runs:</p>
        <pre className="mono mt-2 overflow-x-auto rounded-2 border border-line bg-surface px-3.5 py-3" tabIndex={0}>
          npm run qd -- slo apply shop.yaml
        </pre>
        <p className="mt-3 text-ink-2">
          {may
            ? 'The history Prometheus still has is read at once; the first chart stands within a minute.'
            : 'Someone with the role owner or admin has to do it.'}
        </p>
      </div>
    </section>
  );
}
