/** A time limit only ends what hangs: none of them judges, because a busy machine takes its time. */
export const longestMs = 600_000;
