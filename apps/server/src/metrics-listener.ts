import { createServer } from 'node:http';
import { DomainError } from '@qd/shared/errors';
import type { Registry } from 'prom-client';

/**
 * Serves /metrics on a port of its own, without a key, for a Prometheus that shares the network with nobody else.
 * Throws `precondition` when the port cannot be had.
 */
export async function listenForMetrics(
  registry: Registry,
  host: string,
  port: number,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((req, res) => {
    if (req.method !== 'GET' || req.url !== '/metrics') {
      res.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => res.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => res.writeHead(500).end(),
    );
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) =>
      fail(
        new DomainError(
          'precondition',
          `Port ${port} of PROMETHEUS_PORT cannot be had. Name another, or stop what uses it.`,
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => done());
  });
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
