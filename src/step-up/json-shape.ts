/** Tells where a JSON value is not as it should be, as a path below it; undefined if it is. Unknown members are welcome. */
export type Shape = (value: unknown) => string | undefined;

export type Fields = Record<string, unknown>;

/** An object whose members have these shapes. */
export function object(members: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(members);
  return (value) => {
    if (!isFields(value)) return '';
    for (const [name, shape] of entries) {
      const fault = shape(value[name]);
      if (fault !== undefined) return `.${name}${fault}`;
    }
    return undefined;
  };
}

/** An object of any members, all of one shape. */
export function record(shape: Shape): Shape {
  return (value) => (isFields(value) ? within(Object.values(value), shape, '.*') : '');
}

export function list(shape: Shape): Shape {
  return (value) => (Array.isArray(value) ? within(value, shape, '[]') : '');
}

export function optional(shape: Shape): Shape {
  return (value) => (value === undefined ? undefined : shape(value));
}

/** A text of a length, and of a pattern if there is one. */
export function text(maxLength = Number.POSITIVE_INFINITY, pattern?: RegExp): Shape {
  const isLike = pattern ? (value: string) => pattern.test(value) : () => true;
  return is((value) => typeof value === 'string' && value.length <= maxLength && isLike(value));
}

export function oneOf(values: readonly unknown[]): Shape {
  return is((value) => values.includes(value));
}

export const number = is(Number.isFinite);
export const boolean = is((value) => typeof value === 'boolean');

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function is(test: (value: unknown) => boolean): Shape {
  return (value) => (test(value) ? undefined : '');
}

function within(values: readonly unknown[], shape: Shape, step: string): string | undefined {
  for (const value of values) {
    const fault = shape(value);
    if (fault !== undefined) return `${step}${fault}`;
  }
  return undefined;
}
