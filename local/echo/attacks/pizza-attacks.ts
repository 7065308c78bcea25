import { accountAttacks } from './account-attacks';
import type { Attack } from './attack';
import { orderAttacks } from './order-attacks';
import { requestAttacks } from './request-attacks';

/** Every attempt that the page, `npm run attack` and the tests make on POD. */
export const pizzaAttacks: readonly Attack[] = [...orderAttacks, ...accountAttacks, ...requestAttacks];
