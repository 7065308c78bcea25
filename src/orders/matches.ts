import type { Order } from './pizza-order';

/**
 * Whether every word of `search` is found in the order: its number, the beginning of its id, a word of the name, the size or a
 * topping by its beginning, or the last digits of where the code went (three and more, which no number is taken for by chance).
 */
export function matches({ id, number, terms, delivery }: Order, search: string): boolean {
  const { name = '', size, toppings } = terms;
  const said = [name, size, ...toppings].join(' ').toLowerCase().split(/\s+/);
  const contact = delivery?.maskedContact ?? '';
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      const [, sign, digits] = /^(#?)(\d+)$/.exec(word) ?? [];
      if (digits === undefined) return isId(id, word) || said.some((one) => one.startsWith(word));
      if (number !== undefined && Number(digits) === number) return true;
      return sign === '' && (isId(id, digits) || (digits.length >= 3 && contact.endsWith(digits)));
    });
}

/** The first characters of an id, as older mails have them; fewer of them fit too many. */
function isId(id: string, word: string): boolean {
  return word.length >= 6 && id.startsWith(word);
}
