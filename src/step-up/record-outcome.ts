import type { Step, StepUpServices } from './outside';
import { Refusal } from './refusal';

/** Does one step, and records how it ended and how long it took. A bug is no outcome: it is thrown on, unrecorded. */
export async function recordOutcome<Done>(
  services: Pick<StepUpServices<never>, 'recordStep'>,
  step: Pick<Step, 'step' | 'requestId'>,
  work: () => Promise<Done>,
  actionIdOf: (done: Done) => string | undefined = () => undefined,
): Promise<Done> {
  const startedAt = performance.now();
  const record = (outcome: Step['outcome'], actionId?: string) =>
    services.recordStep({ ...step, outcome, actionId, durationMs: performance.now() - startedAt });
  try {
    const done = await work();
    record('done', actionIdOf(done));
    return done;
  } catch (error) {
    if (error instanceof Refusal) record(error.code, error.details.action?.id);
    throw error;
  }
}
