import type { Step, StepUpServices } from './outside';
import { Refusal } from './refusal';

/** Does one step, and records how it ended and how long it took. A bug is no outcome: it is thrown on, unrecorded. */
export async function recordOutcome<Done>(
  services: Pick<StepUpServices<never>, 'recordStep'>,
  step: Pick<Step, 'step' | 'requestId' | 'customerId' | 'by'>,
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
    if (error instanceof Refusal) {
      record(error.code, error.details.action?.id);
      recorded.add(error);
    }
    throw error;
  }
}

const recorded = new WeakSet<Refusal>();

/** Whether a step's record has told of this refusal, so that the door need not. */
export function isRecorded(refusal: Refusal): boolean {
  return recorded.has(refusal);
}

/** The same services, whose steps are recorded with this beside what they tell themselves. */
export function recordedWith<Services extends Pick<StepUpServices<never>, 'recordStep'>>(
  services: Services,
  beside: Partial<Pick<Step, 'door' | 'by' | 'staffId'>>,
): Services {
  return { ...services, recordStep: (step: Step) => services.recordStep({ ...step, ...beside }) };
}
