import type { ActionKind } from '../../src/step-up/action';

export const doors = ['left', 'right'] as const;

/** The terms of an opening. */
export interface Opening {
  door: (typeof doors)[number];
}

/** Opening a door of the garage as a kind of action. */
export const opening: ActionKind<Opening> = {
  parse(json) {
    const { door: stored } = Object(json) as { door?: unknown };
    const door = doors.find((name) => name === stored);
    if (!door) throw new Error('These are no terms of an opening.');
    return { door };
  },
  describe: ({ door }) => `opening the ${door} door`,
};
