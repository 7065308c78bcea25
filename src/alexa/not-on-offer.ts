import { isOnMenu, sizesIn } from './menu-slots';
import { nameOf, type SaidValue, type Slots, saidIn, valuesOf } from './slots';
import { mayHoldCode } from './spoken-code';

/** A wish that no pizza of ours fulfils: what is said of it, and whether the toppings must be chosen instead of it. */
export interface NotOnOffer {
  speech: string;
  needsToppings: boolean;
}

export const several: NotOnOffer = { speech: 'I can order one pizza at a time.', needsToppings: false };
const halves: NotOnOffer = {
  speech: 'I cannot make halves: toppings go on the whole pizza.',
  needsToppings: true,
};
/** By the values of PIZZA_WISH. The others are pizzas that other pizzerias have. */
const notPossible: Readonly<Record<string, NotOnOffer>> = {
  several,
  halves,
  crust: { speech: 'You cannot choose the crust.', needsToppings: false },
};
const later: NotOnOffer = {
  speech: 'I cannot schedule an order for a later time.',
  needsToppings: false,
};

/** The wish in the slots of a phrase that we cannot fulfil, if there is one. */
export function notOnOfferIn(slots: Slots): NotOnOffer | undefined {
  const { Wish, Time, Dish, Size, Toppings, More, Only, Choice } = slots;
  const [wish] = valuesOf(Wish);
  if (wish) return ofWish(wish);
  // "A large pizza with bacon and a small pizza" arrives with the second pizza among the toppings, and "one small one large" too.
  const others = [Toppings, More].flatMap(saidIn);
  if ([...others, ...saidIn(Dish)].some((words) => /\bpizzas?\b/i.test(words))) return several;
  if (valuesOf(Size).length > 0 && others.some((words) => isSize(words.replace(/^one /i, ''))))
    return several;
  if (saidIn(Size).some((words) => /^(?:another|(?:one )?more|second) ./i.test(words))) return several;
  // "Pepperoni on half" is no time, although Alexa may hear it where one is expected.
  const noTimes = valuesOf(Time).filter((time) => !nameOf(time) && !halfOfTime.test(time.value ?? ''));
  const words = [
    ...[Size, Toppings, Only, Choice].flatMap(saidIn),
    ...noTimes.map(({ value = '' }) => value),
  ];
  if (words.some((said) => /\bhalf\b/i.test(said))) return halves;
  if (valuesOf(Time).length > 0) return later;
  const [dish] = valuesOf(Dish);
  return dish && { speech: ofDish(dish), needsToppings: false };
}

function ofDish(dish: SaidValue): string {
  if (nameOf(dish)) return 'We have nothing but pizza.';
  const name = sayable([dish.value ?? '']);
  return name ? `We have no ${name}.` : 'That is not on our menu.';
}

function isSize(value: string): boolean {
  return sizesIn({ name: 'Size', value }).known.length > 0;
}

function ofWish(wish: SaidValue): NotOnOffer {
  // "And a small pizza": nothing is wrong with it but that it is one more.
  if (isOnMenu(wish.value ?? '')) return several;
  const name = nameOf(wish)?.toLowerCase() ?? sayable([wish.value ?? '']);
  const known = notPossible[name ?? ''];
  if (known) return known;
  const speech = name ? `There is no ${name} pizza on our menu.` : 'That is not on our menu.';
  return { speech, needsToppings: true };
}

/** "At half past six", "in an hour and a half". */
const halfOfTime = /\bhalf (?:past|an|hour)\b|\bhours? and (?:a )?half\b/i;

const maxNameLength = 30;

/**
 * What somebody asked for, as it may be said back: undefined where a code could be in it, which would come out of the
 * loudspeaker then, or where it is no name at all.
 */
export function sayable(names: readonly string[]): string | undefined {
  const isName = (name: string) =>
    /^[a-z' ]{2,}$/i.test(name) && name.length <= maxNameLength && !mayHoldCode(name);
  return names.length > 0 && names.every(isName) ? names.join(' and no ') : undefined;
}
