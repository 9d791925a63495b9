import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub was asked. */
export interface StubRequest {
  method: string;
  path: string;
  /** Fields of a form body; empty for GET. */
  form: URLSearchParams;
}

/** A server on loopback that answers as told. */
export interface HttpStub {
  url: string;
  requests: StubRequest[];
  stop(): Promise<void>;
}

/** Starts a stub. The handler may leave a response open to play a server that hangs. */
export async function startStub(answer: (request: StubRequest, res: ServerResponse) => void): Promise<HttpStub> {
  const requests: StubRequest[] = [];
  const server = createServer((req, res) => {
    readForm(req).then(
      (form) => {
        const request = { method: req.method ?? '', path: req.url ?? '', form };
        requests.push(request);
        answer(request, res);
      },
      () => res.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
