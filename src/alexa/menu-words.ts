import type { Size, Topping } from '../orders/menu';

/**
 * What else people call the sizes. CustomSlotTypes.txt teaches Alexa the same words (a test compares); POD knows them
 * too, because a list of toppings that arrives as one text comes without Alexa's resolutions.
 */
export const sizeSynonyms: Record<Size, readonly string[]> = {
  small: ['little', 'personal'],
  medium: ['regular', 'normal'],
  large: ['big'],
  jumbo: ['extra large', 'party size'],
};

export const toppingSynonyms: Record<Topping, readonly string[]> = {
  pepperoni: ['peperoni'],
  mushrooms: ['mushroom'],
  onions: ['onion'],
  sausage: ['sausages'],
  bacon: ['bacon bits'],
  'extra cheese': ['cheese', 'double cheese'],
  'black olives': ['black olive', 'olives', 'olive'],
  'green peppers': ['green pepper', 'peppers', 'pepper'],
  pineapple: ['pineapples'],
  spinach: ['baby spinach'],
  chicken: ['grilled chicken'],
};
