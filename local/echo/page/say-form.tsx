import { useRef, useState } from 'preact/hooks';
import type { Speech } from './speech';

interface SayFormProps {
  say(text: string): void;
  isBusy: boolean;
  ears: Speech['ears'];
  /** Told when somebody begins to type or speak, and when they have done. */
  onHeard(isHeard: boolean): void;
  suggestions: readonly string[];
}

/** To speak or to type. A suggestion that ends in an ellipsis is for the customer to complete. */
export function SayForm({ say, isBusy, ears, onHeard, suggestions }: SayFormProps) {
  const [text, setText] = useState('');
  const [isListening, setListening] = useState(false);
  const [deaf, setDeaf] = useState<string>();
  const input = useRef<HTMLInputElement>(null);

  function write(next: string): void {
    setText(next);
    onHeard(next !== '');
  }

  function utter(spoken: string): void {
    write('');
    say(spoken);
    input.current?.focus();
  }

  function suggest(suggestion: string): void {
    if (suggestion.endsWith('…')) {
      write(suggestion.slice(0, -1));
      input.current?.focus();
    } else {
      utter(suggestion);
    }
  }

  async function listen(): Promise<void> {
    if (!ears) return;
    if (isListening) return ears.stop();
    setDeaf(undefined);
    setListening(true);
    onHeard(true);
    try {
      const heard = await ears.listen();
      if (heard) utter(heard);
      else onHeard(false);
    } catch (error) {
      onHeard(false);
      setDeaf(error instanceof Error ? error.message : String(error));
    }
    setListening(false);
  }

  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() && !isBusy) utter(text);
      }}
    >
      <ul class="suggestions" aria-label="What to say next">
        {suggestions.map((suggestion) => (
          <li key={suggestion}>
            <button type="button" class="chip" disabled={isBusy} onClick={() => suggest(suggestion)}>
              {suggestion}
            </button>
          </li>
        ))}
      </ul>
      <div class="say-line">
        <span class="wake-word">Alexa,</span>
        <input
          ref={input}
          aria-label="Say something to the Echo"
          placeholder="get me a large pizza…"
          value={text}
          maxLength={300}
          autocomplete="off"
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
        {ears && (
          <button type="button" class="secondary outline mic" aria-pressed={isListening} onClick={listen}>
            {isListening ? 'Stop' : 'Speak'}
          </button>
        )}
        <button type="submit" disabled={isBusy}>
          Say
        </button>
      </div>
      {deaf && (
        <p role="alert" class="fault">
          {deaf}
        </p>
      )}
    </form>
  );
}
