import type { Feed } from '../step-up/outside';

/** For a POD without Pusher: open pages look for themselves every few seconds. */
export const noFeed: Feed = { publish: async () => {} };
