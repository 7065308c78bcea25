/** For every router: a path has one spelling, and any other is not found (RFC 3986 §6.2.2.1: paths are case-sensitive). */
export const exactPaths = { caseSensitive: true, strict: true } as const;
