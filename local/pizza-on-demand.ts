import { join } from 'node:path';
import { createApp } from '../src/create-app';
import { noticeWords } from '../src/orders/notice-words';
import { type OrderTerms, pizzaOrder } from '../src/orders/pizza-order';
import type { LocalSkill } from './start-local';

export const pizzaOnDemand: LocalSkill<OrderTerms> = {
  kind: pizzaOrder,
  invocationName: 'pizza on demand',
  modelDirectory: join(__dirname, '..', 'src', 'alexa'),
  noticeWords,
  approvalPage: '/app/#/approve',
  createApp,
};
