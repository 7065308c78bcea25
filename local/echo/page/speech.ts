/** What the page needs to speak and to hear. Either is absent where the browser has it not. */
export interface Speech {
  voice?: {
    /** Resolves when it has been said, or could not be. */
    say(text: string): Promise<void>;
    /** Stops at once. */
    hush(): void;
  };
  ears?: {
    /** What was heard, or undefined when nothing was. @throws Error that says why it cannot hear, to a person */
    listen(): Promise<string | undefined>;
    /** Gives up listening. */
    stop(): void;
  };
}

interface Recognition extends EventTarget {
  lang: string;
  start(): void;
  abort(): void;
}

/** As much of a browser as speaks and hears (Web Speech API), by whichever name it has it. */
type SpeakingBrowser = Partial<
  Pick<Window & typeof globalThis, 'speechSynthesis' | 'SpeechSynthesisUtterance'>
> &
  Partial<Record<'SpeechRecognition' | 'webkitSpeechRecognition', new () => Recognition>>;

const language = 'en-US';
/** No voice is slower: a browser that never tells that it has finished must not hold up the conversation. */
const longestMsPerCharacter = 150;

const whyDeaf: Readonly<Record<string, string>> = {
  'not-allowed': 'The browser may not use the microphone. Allow it for this page, or type.',
  'service-not-allowed': 'The browser may not recognise speech here. Please type.',
  'audio-capture': 'There is no microphone. Please type.',
  network: 'The browser’s speech recognition cannot be reached. Please type.',
};

/** What this browser has of both. */
export function browserSpeech(browser: SpeakingBrowser): Speech {
  const { speechSynthesis: synthesis, SpeechSynthesisUtterance: Utterance } = browser;
  const Recogniser = browser.SpeechRecognition ?? browser.webkitSpeechRecognition;
  return {
    ...(synthesis && Utterance && { voice: createVoice(synthesis, Utterance) }),
    ...(Recogniser && { ears: createEars(Recogniser) }),
  };
}

function createVoice(
  synthesis: SpeechSynthesis,
  Utterance: typeof SpeechSynthesisUtterance,
): Speech['voice'] {
  return {
    say(text) {
      // Without a voice, nothing is said and no event tells so.
      if (synthesis.getVoices().length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const utterance = new Utterance(text);
        utterance.lang = language;
        for (const event of ['end', 'error']) utterance.addEventListener(event, () => resolve());
        setTimeout(resolve, 2_000 + text.length * longestMsPerCharacter);
        synthesis.cancel();
        synthesis.speak(utterance);
      });
    },
    hush: () => synthesis.cancel(),
  };
}

function createEars(Recogniser: new () => Recognition): Speech['ears'] {
  let current: Recognition | undefined;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const recognition = new Recogniser();
        current = recognition;
        recognition.lang = language;
        recognition.addEventListener('result', (event) => {
          const { results } = event as Event & { results?: { transcript: string }[][] };
          resolve(results?.[0]?.[0]?.transcript);
        });
        recognition.addEventListener('error', (event) => {
          const { error = '' } = event as Event & { error?: string };
          if (error === 'no-speech' || error === 'aborted') resolve(undefined);
          else reject(new Error(whyDeaf[error] ?? 'The browser could not hear you. Please type.'));
        });
        recognition.addEventListener('end', () => resolve(undefined));
        recognition.start();
      }),
    stop: () => current?.abort(),
  };
}
