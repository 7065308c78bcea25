import type { Assets } from '../app/assets';

/** The built page. build/bundle-webtask.ts puts it here when it bundles; outside of a bundle there is none. */
export const assets: Assets = new Map();
