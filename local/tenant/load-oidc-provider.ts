/**
 * Loads oidc-provider, an ESM package, when it is needed. It works on Node 20 and prints a line that says otherwise;
 * that one line is held back, and nothing else.
 */
export function loadOidcProvider(): Promise<typeof import('oidc-provider')> {
  loaded ??= withoutRuntimeWarning(() => import('oidc-provider'));
  return loaded;
}

let loaded: Promise<typeof import('oidc-provider')> | undefined;

async function withoutRuntimeWarning<T>(load: () => Promise<T>): Promise<T> {
  // biome-ignore-start lint/suspicious/noConsole: the package writes to the console while it loads
  const warn = console.warn;
  console.warn = (...line: unknown[]) => {
    if (!String(line[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...line);
  };
  try {
    return await load();
  } finally {
    console.warn = warn;
  }
  // biome-ignore-end lint/suspicious/noConsole: see above
}
