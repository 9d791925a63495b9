import type { Container } from './container.ts';
import { demoState, loadDemo, retellDemo } from './features/settings/demo.ts';
import { isEmpty } from './features/settings/queries.ts';
import { applyPlatform } from './features/slo/service/apply-platform.ts';
import { refreshSummaries } from './features/slo/service/refresh-summaries.ts';
import { createBootstrapToken } from './features/users/service/bootstrap.ts';
import type { Services } from './services.ts';

/** A demo left alone for longer than this starts its story anew when the console starts. */
const RETELL_AT_START_MS = 60 * 60_000;

/** Loads the demo on the first start of an empty embedded console, or where it is asked for. Gives a drawn password. */
export async function prepareDemo(
  container: Container,
  services: Services,
  say: (words: string) => void,
): Promise<string | null> {
  const { config } = container;
  const ctx = container.ctx('system', 'start');
  const { state } = await demoState(ctx);
  if (state !== 'never') return null;
  const wanted = config.QD_DEMO ?? (config.embedded && (await isEmpty(ctx.db)));
  if (!wanted) return null;
  say('Loading the demo: three platforms, 90 days of history');
  const { password } = await loadDemo(ctx, services.demo, config.QD_DEMO_PASSWORD ?? null);
  await container.database.tidy();
  return password;
}

/** The console's own platform and its objectives, as this version has them. */
export async function watchSelf(container: Container, services: Services): Promise<void> {
  const ctx = container.ctx('system', 'start');
  await applyPlatform(ctx, services.slo, services.presets.own, { ownCounters: true, keepEdits: true });
  // The first page must not be empty until the next tick.
  await refreshSummaries(ctx, services.slo.memory);
}

/** Moves an old demo to the present, while pages are already served. */
export function refreshDemo(container: Container, services: Services): void {
  const ctx = container.ctx('system', 'start');
  const work = async (): Promise<void> => {
    if (!(await retellDemo(ctx, services.demo, RETELL_AT_START_MS))) return;
    await refreshSummaries(ctx, services.slo.memory);
    await container.database.tidy();
  };
  work().catch((error: unknown) => {
    container.log.error({ err: error }, 'the demo could not be moved to the present');
  });
}

/** What the person at the terminal needs to get in. */
export async function greet(
  container: Container,
  entry: { url: string; demoPassword: string | null },
  say: (words: string) => void,
): Promise<void> {
  const { url, demoPassword } = entry;
  say(`Quarterdeck is ready at ${url}`);
  const token = await createBootstrapToken(container.ctx('system', 'start'));
  if (token !== null) say(`Create the owner's account within 15 minutes: ${url}/welcome#${token}`);
  if (demoPassword !== null) {
    say(`Demo accounts (owner@, admin@, commander@, … @demo.quarterdeck.test) share the password ${demoPassword}`);
  }
}
