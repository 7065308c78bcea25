import type { OrderFeed } from '../services';

/** For a POD without Pusher: open pages look for themselves every few seconds. */
export const noFeed: OrderFeed = { publish: async () => {} };
