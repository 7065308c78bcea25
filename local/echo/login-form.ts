/** A login form as a browser would send it. */
interface LoginForm {
  action: URL;
  fields: URLSearchParams;
}

/**
 * Fills the first form of a page that asks for a password.
 * @param page where the page was read, for an action that is relative or absent
 * @returns undefined for a page without such a form
 */
export function fillLoginForm(
  html: string,
  page: URL,
  user: { email: string; password: string },
): LoginForm | undefined {
  for (const [, tag = '', content = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    const inputs = [...content.matchAll(/<input\b([^>]*)>/gi)].map(([, input = '']) => attributesOf(input));
    const password = inputs.find(({ type }) => type === 'password');
    const login = inputs.find(({ type = 'text' }) => ['text', 'email'].includes(type));
    if (!password?.name || !login?.name) continue;
    const fields = new URLSearchParams();
    for (const { type, name, value = '' } of inputs)
      if (type === 'hidden' && name) fields.append(name, value);
    fields.append(login.name, user.email);
    fields.append(password.name, user.password);
    return { action: new URL(attributesOf(tag).action ?? '', page), fields };
  }
  return undefined;
}

function attributesOf(tag: string): Record<string, string> {
  const attributes = tag.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g);
  return Object.fromEntries(
    [...attributes].map(([, name = '', ...quoted]) => [name.toLowerCase(), decode(quoted.join(''))]),
  );
}

function decode(text: string): string {
  const characters: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => characters[entity] ?? entity);
}
