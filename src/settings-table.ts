/** The settings cannot be used. The message lists every fault at once and never a setting's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`POD cannot start with these settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** One setting, from which its type, its check, its message and its default follow. */
export interface Setting<Value> {
  /** As in the settings file and the environment. */
  name: string;
  looksLike: string;
  /** The value of a text; undefined for one that does not look like it. */
  read(text: string): Value | undefined;
  /** The value when it is blank. A setting without one must be set. */
  blank?: { value: Value };
}

/** Settings by the names of their values. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<Table extends SettingsTable> = {
  [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

/** A whole number, within both bounds. */
export function wholeNumber(name: string, least: number, most: number, looksLike?: string): Setting<number> {
  const read = (text: string) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
  return { name, looksLike: looksLike ?? `a whole number from ${least} to ${most}`, read };
}

/** One of these words. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): Setting<Word> {
  return { name, looksLike: words.join(', '), read: (text) => words.find((word) => word === text) };
}

/** A text that matches; any text without a shape. */
export function text(name: string, looksLike: string, shape = /^/): Setting<string> {
  return { name, looksLike, read: (value) => (shape.test(value) ? value : undefined) };
}

/** The setting with a value for when it is blank. */
export function whenBlank<Value, Default>(
  { read, ...setting }: Setting<Value>,
  value: Default,
): Setting<Value | Default> {
  return { ...setting, read, blank: { value } };
}

/** Settings as they are given: an ini file, the environment, webtask secrets. */
export type Texts = Readonly<Record<string, string | undefined>>;
/** What was given under a name; undefined for what is blank. */
export type GetText = (name: string) => string | undefined;

/**
 * Reads the settings of a table. A blank value counts as missing. Texts the table does not name are ignored: an environment
 * is full of them.
 * @param moreFaults what is wrong with these settings together
 * @throws ConfigError once, naming every fault
 */
export function readSettings<Table extends SettingsTable>(
  table: Table,
  texts: Texts,
  moreFaults: (get: GetText) => string[] = () => [],
): ValuesOf<Table> {
  const get = (name: string) => texts[name]?.trim() || undefined;
  const faults: string[] = [];
  const values = Object.entries(table).map(([key, setting]) => {
    const given = get(setting.name);
    const value = given === undefined ? setting.blank?.value : setting.read(given);
    if (given === undefined && !setting.blank) faults.push(isMissing(setting));
    if (given !== undefined && value === undefined) {
      faults.push(`${setting.name} is malformed: it must be ${setting.looksLike}`);
    }
    return [key, value];
  });
  faults.push(...moreFaults(get));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(values);
}

/** Of settings that are set all or none: those that are missing beside others. */
export function togetherFaults(get: GetText, all: readonly Setting<unknown>[]): string[] {
  const missing = all.filter(({ name }) => !get(name));
  return missing.length < all.length ? missing.map(isMissing) : [];
}

function isMissing({ name, looksLike }: Setting<unknown>): string {
  return `${name} is missing: ${looksLike}`;
}
