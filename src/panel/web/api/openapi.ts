/** Makes the OpenAPI 3.1 document of the API from the table of its endpoints: what is not in the table is not in the document, and the other way round. */
import { z } from 'zod';
import type { Endpoint } from './endpoint';
import { ProblemDetails } from './problem';

type Json = Readonly<Record<string, unknown>>;

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const schemaAndDialect = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return Object.fromEntries(Object.entries(schemaAndDialect).filter(([key]) => key !== '$schema' && key !== '~standard'));
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

const REFUSAL = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
};

function operationOf(endpoint: Endpoint): Json {
  const words = endpoint.path.replace(/[{}]/g, '').split('/').filter(Boolean);
  return {
    operationId: [endpoint.method, ...words].join('-'),
    tags: [endpoint.tag],
    summary: endpoint.summary,
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(endpoint.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } } } }),
    responses: {
      [endpoint.status]: { description: 'Done', content: { 'application/json': { schema: schemaOf(endpoint.answer, 'output') } } },
      default: REFUSAL,
    },
    ...(endpoint.writes ? {} : { 'x-read-only': true }),
  };
}

/** @param version of the program */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of endpoints) (paths[endpoint.path] ??= {})[endpoint.method] = operationOf(endpoint);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bailiff',
      version,
      description:
        'All that the pages do. Times are seconds since the epoch, spans are seconds, −1 is for ever. Names of jails, filters and options are fail2ban’s. ' +
        'Text that comes from logs is text: escape it where it is shown.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: [...new Set(endpoints.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of the page Settings; those marked read-only may not change anything.',
        },
      },
      schemas: { ProblemDetails: schemaOf(ProblemDetails, 'output') },
    },
  };
}
