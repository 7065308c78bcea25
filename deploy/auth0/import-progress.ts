import { stripVTControlCharacters } from 'node:util';

/** What auth0-deploy-cli calls the lists of a definition, in a person's words. */
const nouns: Readonly<Record<string, string>> = {
  clients: 'application',
  resourceServers: 'API',
  clientGrants: 'access to the Management API',
  databases: 'database',
  connections: 'connection',
  roles: 'role',
  attackProtection: 'attack protection',
  tenant: 'settings of the tenant',
};

/**
 * Tells an import in a line for each thing that is made or changed. What else auth0-deploy-cli prints, with a time before it,
 * is for who looks for a fault: among it warnings of what it would delete if it were told to.
 */
export function createImportProgress(print: (text: string) => void) {
  let rest = '';
  let all = '';
  return {
    take(text: string): void {
      all += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.map(stripVTControlCharacters)) {
        const [, verb = '', list = '', what = ''] =
          /^\S+Z - info: (Created|Updated) \[(\w+)\]: (.*)$/.exec(line) ?? [];
        const [, name = ''] = /"name":"([^"]+)"/.exec(what) ?? [];
        if (verb)
          print(`  ${verb.toLowerCase()}: ${[nouns[list] ?? list, name].filter(Boolean).join(' ')}\n`);
      }
    },
    /** Everything, for when it failed. */
    all: () => all,
  };
}
