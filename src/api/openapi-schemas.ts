import { problemTraits } from '../http/problem';
import { sizes, toppings } from '../orders/menu';
import { cancelReasons, channels, statuses } from '../step-up/action';
import { type CodeLength, codePattern } from '../step-up/code';
import { proofDoors, proofMethods } from '../step-up/evidence';
import { attemptsPerAction } from '../step-up/limits';
import { highestNumber } from '../step-up/propose';
import type { RefusalCode } from '../step-up/refusal';
import { bill } from './openapi-bill';

/** JSON Schema, 2020-12: the dialect of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * What only a conversation or the page is answered: by API the id in the path names what is meant, so that no yes is needed, and
 * nothing is approved.
 */
const codesElsewhere: readonly string[] = [
  'confirmation_needed',
  'nothing_to_affirm',
  'nothing_to_change',
  'insufficient_user_authentication',
] satisfies RefusalCode[];

/** Every code that a problem of the API may have. */
export const apiCodes = Object.keys(problemTraits).filter((code) => !codesElsewhere.includes(code));

/** The one place a schema is referred to by its name. */
export function ref(name: keyof typeof schemas): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

const time: Schema = { type: 'string', format: 'date-time' };

const evidence: Schema = {
  type: 'object',
  description:
    'How the order was proved; absent while it is not, and in orders of a POD that did not keep it.',
  required: ['method', 'door', 'at'],
  additionalProperties: false,
  properties: {
    method: {
      enum: proofMethods,
      description: 'A one-time code that came back, or an approval on the page.',
    },
    door: { enum: proofDoors },
    channel: { enum: channels, description: 'How the code had travelled.' },
    authTime: {
      ...time,
      description: 'When the customer had signed in (`auth_time`), as the tenant states it.',
    },
    amr: {
      type: 'array',
      items: { type: 'string' },
      description: 'By which methods (RFC 8176), as the tenant states it.',
    },
    termsHash: {
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
      description:
        'SHA-256 over the canonical JSON (RFC 8785) of the terms that were proved: an object of `size`, `toppings`, `bill` and `name`, those of them that the order has.',
    },
    at: time,
  },
};

/** Of these there is none. */
function absent(...names: readonly string[]): Record<string, false> {
  return Object.fromEntries(names.map((name) => [name, false]));
}

/** What clients send is read as on a menu: case and spaces do not matter. What they get is written as here. */
const order: Schema = {
  type: 'object',
  required: ['id', 'customer', 'status', 'size', 'toppings', 'placedAt'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', format: 'uuid' },
    number: {
      type: 'integer',
      minimum: 1,
      maximum: highestNumber,
      description:
        'What people call the order by; after the highest one they begin again. Absent in orders of a POD that gave none.',
    },
    customer: { type: 'string', description: 'The `sub` of the access tokens of the customer.' },
    name: {
      type: 'string',
      description: "Who it is for; absent where the customer's profile has no name.",
    },
    status: { enum: statuses },
    size: {
      type: 'string',
      examples: sizes,
      description: 'In the words of the menu by which it was ordered.',
    },
    toppings: { type: 'array', items: { type: 'string', examples: toppings }, uniqueItems: true },
    bill: { $ref: '#/components/schemas/Bill' },
    placedAt: time,
    expiresAt: { ...time, description: 'When the code ends; of a pending order.' },
    attemptsLeft: {
      description: 'How many more codes may be tried; of a pending order.',
      type: 'integer',
      minimum: 0,
      maximum: attemptsPerAction,
    },
    settledAt: { ...time, description: 'When it ceased to be pending; of every other order.' },
    cancelReason: { enum: cancelReasons, description: 'Of a cancelled order.' },
    confirmedAt: {
      ...time,
      description: 'When a cancelled order had been confirmed; absent if it was cancelled before.',
    },
    codeSentTo: {
      description: 'Where the newest code went, masked; absent until one has been sent.',
      type: 'object',
      required: ['channel', 'maskedContact'],
      additionalProperties: false,
      properties: {
        channel: { enum: channels },
        maskedContact: { type: 'string' },
        unsure: {
          description: 'Auth0 did not say whether the code was sent. If it comes, it counts.',
          const: true,
        },
      },
    },
    evidence: { $ref: '#/components/schemas/Evidence' },
    wrongCodesBefore: {
      description:
        "How many wrong codes were tried since the customer's last success, when this order was confirmed; absent for none.",
      type: 'integer',
      minimum: 1,
    },
  },
  // Each property is named above, where generators of clients look; here is only when it is there.
  if: { properties: { status: { const: 'pending' } } },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: {
    required: ['expiresAt', 'attemptsLeft'],
    properties: absent('settledAt', 'cancelReason', 'confirmedAt'),
  },
  else: {
    required: ['settledAt'],
    properties: absent('expiresAt', 'attemptsLeft'),
    if: { properties: { status: { const: 'cancelled' } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { required: ['cancelReason'] },
    else: { properties: absent('cancelReason', 'confirmedAt') },
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
    code: { enum: apiCodes },
    attemptsLeft: {
      description: 'How many more codes may be tried, by whichever limit is the nearer.',
      type: 'integer',
      minimum: 0,
      maximum: attemptsPerAction,
    },
    lastOne: {
      description: 'What the last of these would do if it were wrong: refuse the order, or lock ordering.',
      enum: ['refuses', 'locks'],
    },
    order: {
      description: 'The order that the problem is about.',
      allOf: [{ $ref: '#/components/schemas/Order' }],
    },
  },
};

/** What a code looks like, where codes are that long. */
export function authorization(codeLength: CodeLength) {
  const code = {
    type: 'string',
    pattern: codePattern(codeLength),
    description: 'A string: leading zeros count.',
  };
  return {
    type: 'object',
    required: ['code'],
    additionalProperties: false,
    properties: { code },
  } as const satisfies Schema;
}

export const schemas = {
  Order: order,
  Bill: bill,
  Evidence: evidence,
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
  Authorization: authorization(4),
  Problem: problem,
} as const satisfies Record<string, Schema>;
