import { Agent, request, type IncomingHttpHeaders } from 'node:http';

/** A keep-alive client of one server, as light as Node allows, so that the server is what gets measured. */
export interface Client {
  /** Answer of a path as text. Throws unless the status is 200. */
  text(path: string): Promise<string>;
  /** The same, parsed. */
  json(path: string): Promise<unknown>;
  /** Whole answer whatever its status. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  close(): void;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Connections a browser opens to one server over HTTP/1.1. */
const BROWSER_CONNECTIONS = 6;

/** A client with as many connections as a browser; `headers` go with every request. */
export function createClient(origin: string, headers: Record<string, string> = {}): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: BROWSER_CONNECTIONS });
  const { hostname, port } = new URL(origin);
  const get = (path: string, more: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, agent, headers: { ...headers, ...more } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      sent.on('error', reject);
      sent.end();
    });
  const text = async (path: string): Promise<string> => {
    const { status, body } = await get(path);
    if (status !== 200) throw new Error(`${path.slice(0, 200)} answered ${status}: ${body.slice(0, 300)}`);
    return body;
  };
  return { get, text, json: async (path) => JSON.parse(await text(path)) as unknown, close: () => agent.destroy() };
}
