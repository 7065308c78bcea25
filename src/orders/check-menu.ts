import { type Fields, isFields } from '../step-up/json-shape';
import { parseAddress } from './address';
import { currencies, isAmount, isCurrency } from './money';

/**
 * Checks what menu.json says, before the first pizza is ordered by it.
 * @throws Error that names the place in the file and what must stand there
 */
export function checkMenu(json: unknown): void {
  const menu = fields(json, 'The file');
  const seller = fields(menu.seller, 'seller');
  if (!isLine(seller.name)) throw fault('seller.name', 'a text of one line');
  if (!isLine(seller.phone)) throw fault('seller.phone', 'a text of one line');
  if (!parseAddress(seller.address)) {
    throw fault('seller.address', 'an address with street, city and postalCode, each of one line');
  }
  const minutes = fields(seller.minutes, 'seller.minutes');
  for (const way of ['pickUp', 'delivery']) {
    if (!(isAmount(minutes[way]) && minutes[way] > 0)) {
      throw fault(`seller.minutes.${way}`, 'a whole number of minutes');
    }
  }
  if (!isCurrency(menu.currency))
    throw fault('currency', `a currency that POD knows: ${currencies.join(', ')}`);
  if (!(isAmount(menu.taxBasisPoints) && menu.taxBasisPoints <= 10_000)) {
    throw fault('taxBasisPoints', 'a whole number from 0 to 10000: 825 is 8.25 %');
  }
  if (!isAmount(menu.deliveryFee)) throw fault('deliveryFee', wholeAmount);
  const ages = fields(fields(menu.kitchen, 'kitchen').minutes, 'kitchen.minutes');
  if (!(isAmount(ages.soon) && ages.soon > 0))
    throw fault('kitchen.minutes.soon', 'a whole number of minutes');
  if (!(isAmount(ages.late) && ages.late > ages.soon)) {
    throw fault('kitchen.minutes.late', 'a whole number of minutes, more than kitchen.minutes.soon');
  }
  const sizes = checkEntries(menu.sizes, 'sizes');
  const toppings = checkEntries(menu.toppings, 'toppings');
  const house = fields(menu.house, 'house');
  if (!sizes.includes(house.size)) throw fault('house.size', 'the name of one of the sizes');
  const chosen = Array.isArray(house.toppings) ? house.toppings : [undefined];
  if (new Set(chosen).size < chosen.length || !chosen.every((topping) => toppings.includes(topping))) {
    throw fault('house.toppings', 'a list of names of toppings, each once');
  }
}

const wholeAmount = 'a whole number of minor units: 1499 is 14.99';

/** @returns the names of what is sold */
function checkEntries(json: unknown, where: string): unknown[] {
  const entries = Object.entries(fields(json, where));
  if (entries.length === 0) throw fault(where, 'at least one entry');
  const meanings = new Map<string, string>();
  const mean = (word: string, name: string) => {
    const other = meanings.get(word);
    if (other !== undefined)
      throw fault(`${where}.${name}`, `without “${word}”, which means ${other} already`);
    meanings.set(word, name);
  };
  for (const [name, entry] of entries) {
    const { price, words } = fields(entry, `${where}.${name}`);
    if (!isWord(name)) throw fault(`${where}.${name}`, `a name of ${plainWords}`);
    if (!isAmount(price)) throw fault(`${where}.${name}.price`, wholeAmount);
    if (!(Array.isArray(words) && words.every(isWord))) {
      throw fault(`${where}.${name}.words`, `a list of texts of ${plainWords}`);
    }
    for (const word of [name, ...words]) mean(word, name);
  }
  return entries.map(([name]) => name);
}

const plainWords = 'small letters, with single spaces between words';

function isWord(text: unknown): text is string {
  return typeof text === 'string' && /^[a-z]+( [a-z]+)*$/.test(text);
}

function isLine(text: unknown): boolean {
  return typeof text === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(text) && text.trim() === text;
}

function fields(json: unknown, where: string): Fields {
  if (isFields(json)) return json;
  throw fault(where, 'an object');
}

function fault(where: string, what: string): Error {
  return new Error(`menu.json: ${where} must be ${what}.`);
}
