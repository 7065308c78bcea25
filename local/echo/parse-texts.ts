import { BadCall } from './bad-call';

/** Nobody says more in one breath, and the time that understanding takes grows faster than the text. */
const longestText = 300;

/** The texts of these names in a JSON body. @throws BadCall unless each is there, with something in it */
export function parseTexts<const Names extends readonly string[]>(
  body: unknown,
  ...names: Names
): { [Name in keyof Names]: string } {
  const members = (body ?? {}) as Record<string, unknown>;
  return names.map((name) => {
    const text = members[name];
    if (typeof text !== 'string' || !text.trim() || text.length > longestText) {
      throw new BadCall(
        400,
        `The body must be JSON with ${names.join(' and ')}, as Content-Type: application/json.`,
      );
    }
    return text;
  }) as { [Name in keyof Names]: string };
}
