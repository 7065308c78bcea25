import { pageLimits } from '../http/query';
import { cancelWithinMs } from '../orders/pizza-order';
import { statuses } from '../step-up/action';
import type { CodeLength } from '../step-up/code';
import {
  type ApiResponse,
  contactCodes,
  json,
  problems,
  sendingCodes,
  turnCodes,
  unreadableBody,
} from './openapi-responses';
import { authorization, ref, type Schema, schemas } from './openapi-schemas';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description: string;
  schema: Schema;
  example?: string;
}

/** As much of OpenAPI's operation object as this API needs. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  security?: readonly [];
  parameters?: readonly Parameter[];
  requestBody?: { required: true; content: Readonly<Record<string, { schema: Schema }>> };
  responses: Readonly<Record<number, ApiResponse>>;
}

const orderIdInPath: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The id of the order.',
  schema: { type: 'string', format: 'uuid' },
  example: '430ad013-a55a-4723-9656-603c7613835f',
};

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A request repeated with the same key within ten minutes, and mostly within a day, does nothing and gets the same answer. Use a new key for each intention, also for each further code.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

function inQuery(name: string, description: string, schema: Schema): Parameter {
  return { name, in: 'query', description, schema };
}

function jsonBody(schema: Schema): Operation['requestBody'] {
  return { required: true, content: { 'application/json': { schema } } };
}

const placeOrder: Operation = {
  operationId: 'placeOrder',
  summary: 'Place an order and have its code sent',
  description: "The order is pending until its code authorizes it. It replaces the customer's pending order.",
  parameters: [idempotencyKey],
  requestBody: jsonBody(ref('NewOrder')),
  responses: {
    201: {
      ...json('The order waits for its code.', ref('Order')),
      headers: {
        Location: { description: 'The new order.', required: true, schema: { type: 'string' } },
      },
    },
    ...problems(...turnCodes, ...sendingCodes, 'too_many_orders', 'unknown_size', 'unknown_topping'),
    ...unreadableBody,
  },
};

const listOrders: Operation = {
  operationId: 'listOrders',
  summary: 'List orders, newest first',
  description:
    "The caller's own; for staff, whose tokens have the permission `read:all-orders`, everybody's.",
  parameters: [
    inQuery('limit', 'How many orders a page has at most.', { type: 'integer', minimum: 1, ...pageLimits }),
    inQuery('after', 'The `next` of the page before.', { type: 'string' }),
    inQuery('status', 'Only orders in this state; repeat it for several.', {
      type: 'array',
      items: { enum: statuses },
    }),
    inQuery('customer', 'Only the orders of this customer. Only staff may name somebody else.', {
      type: 'string',
      maxLength: 255,
    }),
  ],
  responses: {
    200: json('A page of orders.', ref('OrderPage')),
    ...problems('invalid_request', 'forbidden'),
  },
};

const readOrder: Operation = {
  operationId: 'readOrder',
  summary: 'Read an order',
  parameters: [orderIdInPath],
  responses: { 200: json('The order.', ref('Order')), ...problems('invalid_request', 'not_found') },
};

const cancelOrder: Operation = {
  operationId: 'cancelOrder',
  summary: 'Cancel an order',
  description: `A pending one, or one that was confirmed at most ${cancelWithinMs / 1000} seconds ago; later it is \`order_already_confirmed\`. Staff whose tokens have the permission \`manage:orders\` too may cancel anybody else's, a confirmed one until it is cleared from the board as done.`,
  parameters: [orderIdInPath, idempotencyKey],
  responses: {
    200: json('The cancelled order.', ref('Order')),
    ...problems(...turnCodes, 'forbidden', 'not_found', 'nothing_pending'),
  },
};

const authorizeOrder: Operation = {
  operationId: 'authorizeOrder',
  summary: 'Authorize a pending order with the code that was sent',
  description: 'Three wrong codes refuse the order. Only the customer can authorize it; staff cannot.',
  parameters: [orderIdInPath, idempotencyKey],
  requestBody: jsonBody(ref('Authorization')),
  responses: {
    200: json('The confirmed order.', ref('Order')),
    ...problems(
      ...turnCodes,
      ...contactCodes,
      'not_found',
      'nothing_pending',
      'not_a_code',
      'code_not_sent',
      'code_unchecked',
      'confirmation_too_late',
      'order_changed',
      'wrong_code',
      'code_expired',
      'ordering_locked',
    ),
    ...unreadableBody,
  },
};

const sendAnotherCode: Operation = {
  operationId: 'sendAnotherCode',
  summary: 'Have another code sent for a pending order',
  description: 'The older code is dead from then on. Attempts that are spent stay spent.',
  parameters: [orderIdInPath, idempotencyKey],
  responses: {
    200: json('The order, still pending.', ref('Order')),
    ...problems(...turnCodes, ...sendingCodes, 'not_found', 'nothing_pending'),
  },
};

const describeApi: Operation = {
  operationId: 'describeApi',
  summary: 'This document',
  security: [],
  responses: { 200: json('OpenAPI 3.1.', { type: 'object' }) },
};

/** The document (OpenAPI 3.1), for codes of four digits: menus and codes come from the product, so that the two cannot disagree. */
export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'Pizza on Demand',
    version: '1.0.0',
    description:
      'Order a pizza, and prove by a one-time code on another channel that it was you. Answers are never cached.',
  },
  servers: [{ url: '.', description: 'Where this document lies.' }],
  security: [{ accessToken: [] }],
  paths: {
    '/openapi.json': { get: describeApi },
    '/orders': { get: listOrders, post: placeOrder },
    '/orders/{id}': { get: readOrder, delete: cancelOrder },
    '/orders/{id}/authorize': { post: authorizeOrder },
    '/orders/{id}/code': { post: sendAnotherCode },
  },
  components: {
    securitySchemes: {
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'An access token of a person, issued by the tenant for this API.',
      },
    },
    schemas,
  },
} as const satisfies {
  openapi: string;
  paths: Readonly<Record<string, Partial<Record<'get' | 'post' | 'delete', Operation>>>>;
  [member: string]: unknown;
};

/**
 * What `GET /openapi.json` answers where codes are that long.
 * @param url where the API is, for readers of a copy; beside the document if absent
 */
export function openApiFor(codeLength: CodeLength, url?: string) {
  const { components } = openApi;
  const ofLength = { ...components.schemas, Authorization: authorization(codeLength) };
  const servers = url ? [{ url }] : openApi.servers;
  return { ...openApi, servers, components: { ...components, schemas: ofLength } };
}
