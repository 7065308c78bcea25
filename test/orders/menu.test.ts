import { describe, expect, it } from 'vitest';
import { checkMenu } from '../../src/orders/check-menu';
import { houseSize, houseToppings, parseSize, parseTopping, sizes, toppings } from '../../src/orders/menu';
import menu from '../../src/orders/menu.json';

describe('the menu', () => {
  it('has its sizes and toppings in the order of the file', () => {
    expect(sizes).toEqual(['small', 'medium', 'large', 'jumbo']);
    expect(toppings).toEqual(Object.keys(menu.toppings));
    expect([houseSize, houseToppings]).toEqual(['medium', ['extra cheese', 'mushrooms']]);
  });

  it('is read by its own words, whatever their case and spacing', () => {
    expect(parseSize('  JUMBO ')).toBe('jumbo');
    expect(parseTopping('Extra   Cheese')).toBe('extra cheese');
    expect(() => parseSize('toString')).toThrow(expect.objectContaining({ code: 'unknown_size' }));
    expect(() => parseTopping('tar')).toThrow(expect.objectContaining({ code: 'unknown_topping' }));
  });
});

const { seller, sizes: ofSizes, toppings: ofToppings, house } = menu;

describe('menu.json', () => {
  it('is as it must be', () => expect(() => checkMenu(menu)).not.toThrow());

  it.each<[string, object | string]>([
    ['The file must be an object', 'pizza'],
    ['seller must be an object', { seller: undefined }],
    ['seller.name must be a text', { seller: { ...seller, name: '' } }],
    ['seller.phone must be a text of one line', { seller: { ...seller, phone: '555\n0142' } }],
    ['seller.address must be an address', { seller: { ...seller, address: { street: '24 Mill Lane' } } }],
    ['seller.minutes must be', { seller: { ...seller, minutes: 20 } }],
    [
      'seller.minutes.pickUp must be a whole',
      { seller: { ...seller, minutes: { pickUp: 0, delivery: 40 } } },
    ],
    ['seller.minutes.delivery must be', { seller: { ...seller, minutes: { pickUp: 20, delivery: '40' } } }],
    ['currency must be', { currency: 'EUR' }],
    ['taxBasisPoints must be a whole number', { taxBasisPoints: 8.25 }],
    ['taxBasisPoints must be', { taxBasisPoints: 82_500 }],
    ['deliveryFee must be a whole number of minor units', { deliveryFee: 2.99 }],
    ['kitchen must be an object', { kitchen: undefined }],
    ['kitchen.minutes.soon must be a whole number', { kitchen: { minutes: { soon: 0, late: 20 } } }],
    ['kitchen.minutes.soon must be', { kitchen: { minutes: { soon: '10', late: 20 } } }],
    ['kitchen.minutes.late must be a whole number', { kitchen: { minutes: { soon: 10, late: 10 } } }],
    ['sizes must be at least one entry', { sizes: {} }],
    ['sizes.large must be an object', { sizes: { ...ofSizes, large: 1499 } }],
    ['sizes.large.price must be', { sizes: { ...ofSizes, large: { price: 14.99, words: [] } } }],
    ['sizes.large.words must be', { sizes: { ...ofSizes, large: { price: 1499 } } }],
    ['sizes.large.words must be', { sizes: { ...ofSizes, large: { price: 1499, words: ['BIG'] } } }],
    ['sizes.Large must be a name', { sizes: { ...ofSizes, Large: ofSizes.large } }],
    [
      'sizes.large must be without “regular”, which means medium already',
      { sizes: { ...ofSizes, large: { price: 1499, words: ['regular'] } } },
    ],
    [
      'toppings.ham must be without “bacon”, which means bacon already',
      { toppings: { ...ofToppings, ham: { price: 150, words: ['bacon'] } } },
    ],
    ['house.size must be', { house: { ...house, size: 'huge' } }],
    ['house.toppings must be', { house: { ...house, toppings: 'bacon' } }],
    ['house.toppings must be', { house: { ...house, toppings: ['tar'] } }],
    ['house.toppings must be', { house: { ...house, toppings: ['bacon', 'bacon'] } }],
  ])('is told that %s', (told, change) => {
    const faulty = typeof change === 'string' ? change : { ...menu, ...change };
    expect(() => checkMenu(faulty)).toThrow(`menu.json: ${told}`);
  });
});
