import { problemTraits } from '../http/problem';
import { sizes, toppings } from '../orders/menu';
import { cancelReasons, channels, statuses } from '../step-up/action';
import { codePattern } from '../step-up/code';
import { attemptsPerAction } from '../step-up/limits';

/** JSON Schema, 2020-12: the dialect of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

/** The one place a schema is referred to by its name. */
export function ref(name: keyof typeof schemas): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

const time: Schema = { type: 'string', format: 'date-time' };

/** What clients send is read as on a menu: case and spaces do not matter. What they get is written as here. */
const order: Schema = {
  type: 'object',
  required: ['id', 'customer', 'status', 'size', 'toppings', 'placedAt'],
  unevaluatedProperties: false,
  properties: {
    id: { type: 'string', format: 'uuid' },
    customer: { type: 'string', description: 'The `sub` of the access tokens of the customer.' },
    status: { enum: statuses },
    size: { enum: sizes },
    toppings: { type: 'array', items: { enum: toppings }, uniqueItems: true },
    placedAt: time,
    codeSentTo: {
      description: 'Where the newest code went, masked; absent until one has been sent.',
      type: 'object',
      required: ['channel', 'maskedContact'],
      additionalProperties: false,
      properties: { channel: { enum: channels }, maskedContact: { type: 'string' } },
    },
  },
  if: { properties: { status: { const: 'pending' } } },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: {
    required: ['expiresAt', 'attemptsLeft'],
    properties: {
      expiresAt: time,
      attemptsLeft: { type: 'integer', minimum: 0, maximum: attemptsPerAction },
    },
  },
  else: {
    required: ['settledAt'],
    properties: { settledAt: time },
    if: { properties: { status: { const: 'cancelled' } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: {
      required: ['cancelReason'],
      properties: { cancelReason: { enum: cancelReasons } },
    },
  },
};

const problem: Schema = {
  type: 'object',
  description: 'Problem details (RFC 9457). Branch on `code`; `detail` is for people and may change.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  additionalProperties: false,
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { enum: Object.keys(problemTraits) },
    attemptsLeft: {
      description: 'How many more codes may be tried on this order.',
      type: 'integer',
      minimum: 0,
      maximum: attemptsPerAction,
    },
    order: { description: 'The order that the problem is about.', $ref: '#/components/schemas/Order' },
  },
};

export const schemas = {
  Order: order,
  OrderPage: {
    type: 'object',
    required: ['orders'],
    additionalProperties: false,
    properties: {
      orders: { type: 'array', items: { $ref: '#/components/schemas/Order' }, description: 'Newest first.' },
      next: { type: 'string', description: 'Pass it as `after` for the next page; absent on the last one.' },
    },
  },
  NewOrder: {
    type: 'object',
    required: ['size', 'toppings'],
    additionalProperties: false,
    properties: {
      size: { type: 'string', examples: sizes },
      toppings: { type: 'array', maxItems: toppings.length, items: { type: 'string', examples: toppings } },
    },
  },
  Authorization: {
    type: 'object',
    required: ['code'],
    additionalProperties: false,
    properties: {
      code: { type: 'string', pattern: codePattern, description: 'A string: leading zeros count.' },
    },
  },
  Problem: problem,
} as const satisfies Record<string, Schema>;
