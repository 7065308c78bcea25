import { createAccessTokens } from '../auth0/access-tokens';
import { createPasswordless } from '../auth0/passwordless';
import type { Config } from '../config';
import { noFeed } from '../feed/no-feed';
import { createPusherFeed } from '../feed/pusher';
import { createPusherLive } from '../feed/pusher-live';
import type { Services } from '../services';
import type { Step, StepUpServices } from '../step-up/outside';

/** What a runtime decides. The rest follows from the settings. */
interface Parts<Terms>
  extends Pick<StepUpServices<Terms>, 'kind' | 'store' | 'clock' | 'log'>,
    Pick<Services, 'alexaCertificates' | 'assets'> {
  config: Config;
  /** How codes are asked for at Auth0; the platform's own fetch if absent. */
  fetch?: typeof fetch;
}

/** Builds all that an app with one kind of action needs from outside. Every step that it takes is a line of the log. */
export function createServices<Terms>({ fetch, ...parts }: Parts<Terms>) {
  const { config, clock, log } = parts;
  const { pusher } = config;
  return {
    ...parts,
    limits: config,
    codeLength: config.codeLength,
    passwordless: createPasswordless({ config, clock, log, fetch }),
    accessTokens: createAccessTokens(config, clock),
    feed: pusher ? createPusherFeed({ config: pusher, clock, log }) : noFeed,
    live: pusher && createPusherLive(pusher),
    recordStep: (step: Step) => log.info(step, 'order step'),
  };
}
