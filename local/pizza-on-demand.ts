import { join } from 'node:path';
import { createApp } from '../src/create-app';
import { type Pizza, pizzaOrder } from '../src/orders/pizza-order';
import type { LocalSkill } from './start-local';

export const pizzaOnDemand: LocalSkill<Pizza> = {
  kind: pizzaOrder,
  invocationName: 'pizza on demand',
  modelDirectory: join(__dirname, '..', 'src', 'alexa'),
  createApp,
};
