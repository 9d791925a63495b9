import { refusedKey, verifiedKey, verifyKeyInput } from '@qd/shared/api-keys';
import { deployInput } from '@qd/shared/changes';
import { domainCodes } from '@qd/shared/errors';
import { sliPushInput } from '@qd/shared/slo';
import { authorizeInput, authorizeReasons } from '@qd/shared/users';
import { Router } from 'express';
import { z } from 'zod';
import { version } from './version.ts';

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  code: z.string().optional(),
  requestId: z.string(),
});

const authorized = z.object({ allow: z.boolean(), reason: z.enum(authorizeReasons), message: z.string() });
const pushed = z.object({ accepted: z.int(), duplicates: z.int() });

function schema(of: z.ZodType, io: 'input' | 'output' = 'input'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(of, { io, unrepresentable: 'any' });
  return rest;
}

const content = (of: Record<string, unknown>) => ({ 'application/json': { schema: of } });
const refusals = {
  401: { description: 'No key, or one that is not valid (AUTH_001)', ...problemContent() },
  403: { description: 'The key lacks the scope (AUTH_002)', ...problemContent() },
  422: {
    description: 'The input does not fit; every fault is named by its field, nothing is stored',
    ...problemContent(),
  },
};
const notFound = { 404: { description: 'No such objective', ...problemContent() } };

function problemContent() {
  return { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

const post = (what: { summary: string; scope: string; body: z.ZodType; answers: Record<string, unknown> }) => ({
  summary: what.summary,
  security: [{ bearer: [what.scope] }, { header: [what.scope] }],
  requestBody: { required: true, content: content(schema(what.body)) },
  responses: { ...what.answers, ...refusals },
});

const get = (what: { summary: string; parameters: unknown[]; answers: Record<string, unknown>; csv?: boolean }) => ({
  summary: what.summary,
  security: [{ bearer: ['slo:read'] }, { header: ['slo:read'] }],
  parameters: what.parameters,
  responses: {
    200: {
      description: 'The numbers as the screens show them',
      content: { ...content({ type: 'object' }), ...(what.csv === true ? csvContent : {}) },
    },
    ...refusals,
    ...what.answers,
  },
});

const inQuery = (name: string, type: string, values?: string[]) => ({
  name,
  in: 'query',
  required: false,
  schema: { type, ...(values === undefined ? {} : { enum: values }) },
});
const idInPath = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const csvContent = { 'text/csv': { schema: { type: 'string' } } };
const gateSummary =
  'Whether a release may pass: not while the budget is frozen, overspent, burning fast or unknown, unless an override ' +
  'is in force. Always 200; unknown=allow lets an unknown budget pass';

/** What machines read of objectives. */
const reading = {
  '/api/v1/slos': {
    get: get({
      summary: 'List objectives; as a table with format=csv or Accept: text/csv, the next page then in the header Link',
      parameters: [
        inQuery('platform', 'string'),
        inQuery('cursor', 'string'),
        inQuery('limit', 'integer'),
        inQuery('format', 'string', ['json', 'csv']),
      ],
      answers: {},
      csv: true,
    }),
  },
  '/api/v1/slos/{id}': {
    get: get({
      summary: 'One objective in full',
      parameters: [idInPath],
      answers: notFound,
    }),
  },
  '/api/v1/slos/{id}/history': {
    get: get({
      summary: 'The window an objective is judged by, hour by hour; as a table with format=csv or Accept: text/csv',
      parameters: [idInPath, inQuery('format', 'string', ['json', 'csv'])],
      answers: notFound,
      csv: true,
    }),
  },
  '/api/v1/slos/{id}/gate': {
    get: get({
      summary: gateSummary,
      parameters: [idInPath, inQuery('unknown', 'string', ['allow'])],
      answers: notFound,
    }),
  },
  '/api/slo/status': {
    get: get({ summary: 'How every objective stands, by id', parameters: [], answers: {} }),
  },
};

const refusedKeyContent = { 'application/problem+json': { schema: schema(refusedKey, 'output') } };
const retryAfter = {
  'Retry-After': { schema: { type: 'integer' }, description: 'Seconds until it may be asked again' },
};

/** What platforms ask about keys they are shown. */
const verifying = {
  ...post({
    summary: 'Whether a key is valid for what is asked; nothing is written. Instants are epoch ms',
    scope: 'keys:verify',
    body: verifyKeyInput,
    answers: {},
  }),
  responses: {
    200: { description: 'Valid', content: content(schema(verifiedKey, 'output')) },
    401: {
      description:
        'The key asked about is not valid, for whatever reason (AUTH_001, with valid: false); or the key that asks is not ' +
        '(without valid, with the header WWW-Authenticate)',
      content: refusedKeyContent,
    },
    403: {
      description:
        'The key is valid and may not do what is asked (AUTH_002, with valid: false); or the key that asks lacks the scope',
      content: refusedKeyContent,
    },
    404: { description: 'The key that asks is for another platform than the one it names', ...problemContent() },
    422: refusals[422],
    429: {
      description: 'The key has used up its calls for this minute (API_001)',
      headers: retryAfter,
      content: refusedKeyContent,
    },
  },
};

/** The REST part as an OpenAPI 3.1 document, its bodies generated from the schemas that check them. */
export function openApiDocument(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: { title: 'Quarterdeck', version, description: 'What machines send to the console and read from it.' },
    paths: {
      '/api/v1/sli': {
        post: post({
          summary: 'Push counts of good and all events; a repeat of the same points changes nothing',
          scope: 'sli:write',
          body: sliPushInput,
          answers: {
            200: { description: 'Stored', content: content(schema(pushed, 'output')) },
            404: notFound[404],
            409: { description: 'A point is stored already with other counts', ...problemContent() },
          },
        }),
      },
      '/api/v1/deploys': {
        post: post({
          summary: 'Record a version that went live',
          scope: 'changes:write',
          body: deployInput,
          answers: { 200: { description: 'Known already' }, 201: { description: 'Recorded' } },
        }),
      },
      '/api/v1/authorize': {
        post: post({
          summary: 'Whether a person may do something on a platform, by their account there or their roles here',
          scope: 'users:authorize',
          body: authorizeInput,
          answers: {
            200: { description: 'The answer', content: content(schema(authorized, 'output')) },
            404: { description: 'The key is for another platform', ...problemContent() },
          },
        }),
      },
      '/api/v1/keys/verify': { post: verifying },
      ...reading,
    },
    components: {
      schemas: { Problem: { ...schema(problem, 'output'), 'x-domain-codes': domainCodes } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
        header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}

/** `GET /openapi.json`; mount under `/api`. Open to anyone: it names no data. */
export function createOpenApiHttp(): Router {
  const router = Router();
  const document = JSON.stringify(openApiDocument());
  router.get('/openapi.json', (_req, res) => {
    res.type('application/json').send(document);
  });
  return router;
}
