import { currencies } from '../orders/money';
import type { Schema } from './openapi-schemas';

const address: Schema = {
  type: 'object',
  required: ['street', 'city', 'postalCode'],
  additionalProperties: false,
  properties: {
    street: { type: 'string' },
    city: { type: 'string' },
    region: { type: 'string' },
    postalCode: { type: 'string' },
  },
};

const amount: Schema = { type: 'integer', minimum: 0, description: 'In minor units of the currency.' };

/** The terms that a code proves, beside the pizza: frozen when the order is placed. */
export const bill: Schema = {
  type: 'object',
  description: 'What the order costs and where it goes; absent in orders of a POD that had no prices.',
  required: ['seller', 'currency', 'lines', 'delivery', 'deliveryFee', 'tax', 'total', 'minutes'],
  additionalProperties: false,
  properties: {
    seller: {
      type: 'object',
      required: ['name', 'phone', 'address'],
      additionalProperties: false,
      properties: { name: { type: 'string' }, phone: { type: 'string' }, address },
    },
    currency: { enum: currencies, description: 'ISO 4217.' },
    lines: {
      description: 'The pizza, and each of its toppings.',
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['what', 'amount'],
        additionalProperties: false,
        properties: { what: { type: 'string' }, amount },
      },
    },
    delivery: {
      description: "Where the order is brought `to`; without that it is picked up at the seller's address.",
      type: 'object',
      additionalProperties: false,
      properties: { to: address },
    },
    deliveryFee: amount,
    tax: amount,
    total: { ...amount, description: 'All lines, the delivery fee and the tax, in minor units.' },
    minutes: { type: 'integer', minimum: 0, description: 'How long it takes once the order is confirmed.' },
  },
};
