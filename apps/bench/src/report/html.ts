/** Markup that is safe to put into a page. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = Html | string | number | readonly Value[];

/** Tagged template for markup: escapes every value that is not itself {@link Html}, and joins lists. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((markup, part, i) => markup + toMarkup(values[i - 1]!) + part));
}

function toMarkup(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
