/** As many as a busy hour brings; whoever wants one forgotten must send as many others first. */
const rememberedAtMost = 10_000;
const longestText = 512;

/** Tells of each text, once, that it is new; one that is too long never is. */
export function createOnceOnly(): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => {
    if (seen.has(text) || text.length > longestText) return false;
    seen.add(text);
    if (seen.size > rememberedAtMost) seen.delete([...seen.keys()][0] as string);
    return true;
  };
}
