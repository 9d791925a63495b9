import { Agent as HttpAgent, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { DomainError } from '@qd/shared/errors';
import { guardedLookup, type Lookup } from './address.ts';

export interface TextRequest {
  url: URL;
  /** Sent as a form with POST; GET without it or `json`. */
  form?: URLSearchParams;
  /** Sent as it is with POST. */
  json?: string;
  headers?: Readonly<Record<string, string>>;
  accept?: string;
  signal: AbortSignal;
}

export interface TextReply {
  status: number;
  contentType: string;
  text: string;
}

/** Asks one server over kept connections. */
export interface TextClient {
  /**
   * One attempt. Throws DomainError `upstream` when there is no usable answer: unreachable, redirected, or longer than
   * the limit (`ReplyTooLong`). Any status that is no redirect is an answer.
   */
  fetch(request: TextRequest): Promise<TextReply>;
  close(): void;
}

/** The answer was longer than the limit; asking for less may help. */
export class ReplyTooLong extends DomainError {
  constructor(maxBytes: number) {
    super('upstream', `The source sent more than ${Math.round(maxBytes / 1_048_576)} MiB in one answer.`);
  }
}

const MAX_CONNECTIONS = 8;
const AGENT = 'Quarterdeck';

/**
 * A client whose answers are at most `maxBytes` long. It follows no redirects and connects to no address `lookup` refuses; those
 * given as numbers are to be asked before.
 */
export function createTextClient(options: { maxBytes: number; lookup?: Lookup }): TextClient {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
  };
  return {
    async fetch(request) {
      const secure = request.url.protocol === 'https:';
      const response = await send(request, {
        agent: secure ? agents['https:'] : agents['http:'],
        lookup: options.lookup ?? guardedLookup,
      });
      return readReply(response, options.maxBytes, request.url);
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function send({ url, form, json, ...request }: TextRequest, options: RequestOptions): Promise<IncomingMessage> {
  const { accept, signal } = request;
  const body = json ?? form?.toString();
  const own = { 'user-agent': AGENT, accept: accept ?? '*/*' };
  const headers: Record<string, string | number> = { ...request.headers, ...own };
  if (body !== undefined) {
    headers['content-type'] = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
  }
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(unreachable(error, url, signal));
    const outgoing = open(url, { ...options, method: body === undefined ? 'GET' : 'POST', headers, signal }, resolve);
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

async function readReply(response: IncomingMessage, maxBytes: number, url: URL): Promise<TextReply> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    throw new DomainError('upstream', `${url.origin} redirects elsewhere; give the address it redirects to.`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new ReplyTooLong(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreachable(error instanceof Error ? error : new Error(String(error)), url, null);
  }
  const contentType = response.headers['content-type'] ?? '';
  return { status, contentType, text: Buffer.concat(chunks).toString('utf8') };
}

const words: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name has no address',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ECONNRESET: 'it closed the connection',
  EREFUSED_ADDRESS: 'its name points to an address that may not be called',
  ETIMEDOUT: 'it did not answer in time',
};

function unreachable(error: Error, url: URL, signal: AbortSignal | null): DomainError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const aborted = signal?.aborted === true || code === 'ABORT_ERR';
  const why = aborted ? 'it did not answer in time' : (words[code] ?? error.message);
  return new DomainError('upstream', `${url.origin} cannot be reached: ${why}.`, { cause: error });
}
