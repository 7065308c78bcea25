import type { AttackInfo, AttackOutcome } from '../page-data';
import type { AttackWorld } from './attack-world';

/** An attempt on a POD that runs, by somebody without the customer's phone. */
export interface Attack extends AttackInfo {
  /** Really does it, with customers of its own. Throws what went wrong when it could not even be tried. */
  run(world: AttackWorld): Promise<Verdict>;
}

interface Verdict {
  /** What POD answered in the end. */
  answer: string;
  /** What the answer must say: the reason of the refusal. */
  reason: RegExp;
  /** What the attacker got that must not be got, if anything. */
  harm?: string | false;
}

/** Runs an attack. It is refused when it did no harm and POD's answer names the reason; all else is a fault of POD's. */
export async function attempt(
  { run, ...info }: Attack,
  openWorld: () => AttackWorld,
): Promise<AttackOutcome> {
  try {
    const { answer, reason, harm } = await run(openWorld());
    if (harm) return { ...info, refused: false, answer, fault: harm };
    if (reason.test(answer)) return { ...info, refused: true, answer };
    return { ...info, refused: false, answer, fault: 'It was not refused for the reason that it should be.' };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { ...info, refused: false, answer: '', fault: `It could not be tried: ${fault}` };
  }
}
