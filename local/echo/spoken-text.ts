const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * What is heard of an `outputSpeech`: its text without SSML tags; pauses and paragraphs are spaces.
 * @throws Error for SSML that Alexa refuses: no `<speak>` around it, a bare `&` or `<`, an unknown entity
 */
export function spokenText(
  outputSpeech: { type?: string; text?: string; ssml?: string } | undefined,
): string {
  if (!outputSpeech) return '';
  if (outputSpeech.type === 'PlainText') return outputSpeech.text ?? '';
  const [, ssml] = /^\s*<speak>(.*)<\/speak>\s*$/s.exec(outputSpeech.ssml ?? '') ?? [];
  if (ssml === undefined) throw new Error('The SSML is not within <speak>.');
  const text = ssml.replaceAll(/<[a-z/][^<>]*>|&([#\w]*;?)|</gi, (token, reference?: string) => {
    if (reference !== undefined) return characterOf(reference);
    if (token === '<') throw new Error('The SSML holds a bare <.');
    return /^<\/?(break|p|s)\b/i.test(token) ? ' ' : '';
  });
  return text.replaceAll(/\s+/g, ' ').trim();
}

function characterOf(reference: string): string {
  const [, hex, decimal, name = ''] = /^(?:#x([\da-f]+)|#(\d+)|(\w+));$/i.exec(reference) ?? [];
  if (hex || decimal) return String.fromCodePoint(Number.parseInt(hex ?? decimal ?? '', hex ? 16 : 10));
  const character = entities[name];
  if (!character) throw new Error('The SSML holds a bare &, or an entity that XML does not have.');
  return character;
}
