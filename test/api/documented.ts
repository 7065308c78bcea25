import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { openApi } from '../../src/api/openapi';
import { ref, type Schema } from '../../src/api/openapi-schemas';

/** An HTTP answer as a client got it. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

interface DocumentedResponse {
  headers?: Record<string, { required?: boolean; schema: Schema }>;
  content: Record<string, { schema: Schema }>;
}

const ajv = new Ajv({ allErrors: true, strictRequired: false, strictTypes: false });
addFormats(ajv);
ajv.addKeyword('components');
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** Fails unless the OpenAPI document says of this operation that it can answer so. */
export function assertDocumented(method: string, path: string, answer: Answer): void {
  assert.equal(answer.headers.get('Cache-Control'), 'no-store');
  const response = findResponse(method, path, answer.status);
  const mediaType = answer.headers.get('Content-Type')?.split(';')[0] ?? 'none';
  const content = response.content[mediaType];
  assert(content, `${method} ${path} answers ${answer.status} with the undocumented type ${mediaType}`);
  assertValid(content.schema, JSON.parse(answer.text), `${method} ${path} ${answer.status} ${answer.text}`);
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    const value = answer.headers.get(name);
    assert(value !== null || !header.required, `${method} ${path} ${answer.status} lacks ${name}`);
    if (value !== null) assertValid(header.schema, value, name);
  }
}

function findResponse(method: string, path: string, status: number): DocumentedResponse {
  const [pathname = ''] = path.split('?');
  const operations = Object.entries(openApi.paths).find(([template]) => matches(template, pathname))?.[1];
  const operation = operations && (operations as Record<string, unknown>)[method.toLowerCase()];
  if (!operation) return undocumentedOperation(operations ? 405 : 404, status);
  const { responses } = operation as { responses: Record<number, DocumentedResponse> };
  const response = responses[status];
  assert(response, `${method} ${path} answers with the undocumented status ${status}`);
  return response;
}

/** What the document does not have is answered like this, once the caller is known. */
function undocumentedOperation(expected: 404 | 405, status: number): DocumentedResponse {
  assert([expected, 401].includes(status), `no such operation, but ${status} instead of ${expected}`);
  const headers = { Allow: { required: true, schema: { type: 'string' } } };
  return {
    headers: status === 405 ? headers : {},
    content: { 'application/problem+json': { schema: ref('Problem') } },
  };
}

function matches(template: string, pathname: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}/?$`).test(pathname);
}

function assertValid(schema: Schema, value: unknown, of: string): void {
  const key = JSON.stringify(schema);
  const validate = validators.get(key) ?? ajv.compile({ ...schema, components: openApi.components });
  validators.set(key, validate);
  assert(validate(value), `not as documented: ${of}: ${ajv.errorsText(validate.errors)}`);
}
