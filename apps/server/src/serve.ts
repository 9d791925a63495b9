import type { RequestListener } from 'node:http';
import type { CliIo } from './cli/io.ts';
import { buildProgram, runProgram } from './cli/program.ts';
import type { Config } from './config.ts';
import { openContainer, type Container } from './container.ts';
import { greet, prepareDemo, refreshDemo, watchSelf } from './first-start.ts';
import { drain, listen } from './http-server.ts';
import { allJobs } from './jobs.ts';
import { listenForMetrics } from './metrics-listener.ts';
import { followEndings, keepTombstones, openRevocationWatch } from './open-keys.ts';
import { controlPath, listenForControl } from './platform/control-socket.ts';
import { createJobRunner } from './platform/jobs.ts';
import { createLogger } from './platform/logger.ts';
import { createServices, type Services } from './services.ts';
import { wire } from './wiring.ts';

const DRAIN_MS = 10_000;

type Closer = () => Promise<void>;

/** A running console. */
export interface Console {
  port: number;
  url: string;
  container: Container;
  services: Services;
  stop(): Promise<void>;
}

/** Answers while the console opens its doors. */
const starting: RequestListener = (req, res) => {
  const isLive = req.url === '/health/live';
  res.writeHead(isLive ? 200 : 503, { 'Content-Type': 'application/json', 'Retry-After': '2' });
  res.end(JSON.stringify({ status: isLive ? 'healthy' : 'warning', detail: 'The console is starting.' }));
};

/**
 * Starts a console: port, doors, tables, demo, pages, jobs. `say` gets what a person at the terminal should read.
 * The port comes first, because it costs nothing and fails most often. Throws DomainError with one sentence when
 * something cannot be had; what was open by then is closed again.
 */
export async function serve(config: Config, say: (words: string) => void): Promise<Console> {
  const closers: Closer[] = [];
  const stop = (): Promise<void> => closeAll(closers);
  try {
    return { ...(await open(config, say, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Closes what was opened, the latest first and all of it, whatever fails on the way; then throws the first failure. */
async function closeAll(closers: Closer[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers.splice(0).toReversed()) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function open(config: Config, say: (words: string) => void, closers: Closer[]): Promise<Omit<Console, 'stop'>> {
  const log = createLogger(config.LOG_LEVEL ?? (config.embedded ? 'warn' : 'info'));
  const host = config.HOST ?? '127.0.0.1';
  let handle = starting;
  const { server, port } = await listen((req, res) => handle(req, res), host, config.PORT);
  // Streams and requests end before what they work with: that is closed once the last of them is answered.
  const inUse: Closer[] = [];
  closers.push(() => closeAll(inUse));
  closers.push(() => drain(server, DRAIN_MS));
  const container = await openContainer(config, log, say);
  inUse.push(() => container.close());
  const services = await createServices(container);
  inUse.push(() => services.slo.close());
  inUse.push(() => services.keys.flushUsage());
  inUse.push(() => keepTombstones(container, services.apiKeys));
  const endings = followEndings(container, services.apiKeys);
  inUse.push(() => endings.stop());
  inUse.push(async () => services.users.oidc.close());
  const demoPassword = await prepareDemo(container, services, say);
  await watchSelf(container, services);
  let ready = false;
  const { app, sse } = wire(container, services, () => ready);
  handle = app;
  const runner = createJobRunner({
    db: container.database.db,
    ctx: () => container.ctx('system'),
    telemetry: container.telemetry,
    log,
  });
  closers.push(() => runner.stop());
  const watch = openRevocationWatch(container, services.apiKeys);
  closers.push(() => watch.stop());
  const url = config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${port}`;
  const jobs = allJobs(container, services, url);
  runner.start(jobs.filter((job) => config.QD_ROLE !== 'web' || job.perReplica === true));
  if (config.PROMETHEUS_PORT !== undefined) {
    const metrics = await listenForMetrics(container.telemetry.registry, host, config.PROMETHEUS_PORT);
    closers.push(() => metrics.close());
  }
  const control = await listenForControl(controlPath(config.QD_DATA_DIR), controlRunner({ container, services, url }));
  closers.push(() => control.close());
  ready = true;
  closers.push(() => {
    ready = false;
    sse.close();
    return Promise.resolve();
  });
  await greet(container, { url, demoPassword }, say);
  refreshDemo(container, services);
  return { port, url, container, services };
}

/** Runs what the command line sends over the control socket, as the command line. */
function controlRunner(
  running: Pick<Console, 'container' | 'services' | 'url'>,
): Parameters<typeof listenForControl>[1] {
  return ({ argv, files }, reply) => {
    const io: CliIo = {
      out: (out) => reply({ out }),
      err: (err) => reply({ err }),
      readFile: (path) => Promise.resolve(files[path] ?? ''),
    };
    const { container } = running;
    const open = () => Promise.resolve({ ...running, config: container.config, ctx: container.ctx('cli') });
    return runProgram(buildProgram({ io, open }), argv, io);
  };
}
