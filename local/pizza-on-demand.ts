import { join } from 'node:path';
import { createApp } from '../src/create-app';
import { noticeWords } from '../src/orders/notice-words';
import { type OrderTerms, pizzaOrder } from '../src/orders/pizza-order';
import { pizzaAttacks } from './echo/attacks/pizza-attacks';
import type { LocalSkill } from './start-local';

export const pizzaOnDemand: LocalSkill<OrderTerms> = {
  kind: pizzaOrder,
  invocationName: 'pizza on demand',
  modelDirectory: join(__dirname, '..', 'src', 'alexa'),
  noticeWords,
  approvalPage: '/app/#/approve',
  suggestions: {
    first: ['get me a large pizza with pepperoni', 'what is on the menu', 'where is my order'],
    waiting: ['authorize order …', 'make it small', 'send me another code', 'cancel my order'],
    after: ['where is my order', 'cancel my order', 'get me the usual'],
  },
  attacks: pizzaAttacks,
  createApp,
};
