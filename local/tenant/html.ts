/** Markup that is safe to send as it is. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

type Value = string | number | undefined | Html | readonly Html[];

/** A template whose values are escaped, unless they are markup already. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(render)));
}

function render(value: Value): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(render).join('');
  return String(value ?? '').replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page in the tenant's looks; `script` names a file under /assets. */
export function page({ title, body, script }: { title: string; body: Html; script?: string }): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/assets/pico.css">
  <link rel="stylesheet" href="/assets/tenant.css">
  ${script ? html`<script src="/assets/${script}" defer></script>` : undefined}
</head>
<body>
  <main>${body}</main>
</body>
</html>
`.toString();
}
