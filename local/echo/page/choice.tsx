interface ChoiceProps<Option extends string> {
  legend: string;
  options: readonly Option[];
  chosen: Option;
  choose(option: Option): void;
  label(option: Option): string;
  about?: Readonly<Record<Option, string>>;
}

/** One of a few, all of which are seen. */
export function Choice<Option extends string>(props: ChoiceProps<Option>) {
  const { legend, options, chosen, choose, label, about } = props;
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option} title={about?.[option]}>
          <input type="radio" name={legend} checked={option === chosen} onChange={() => choose(option)} />
          <span>{label(option)}</span>
        </label>
      ))}
    </fieldset>
  );
}
