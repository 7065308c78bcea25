import { createAccessTokens } from '../auth0/access-tokens';
import { createPasswordless } from '../auth0/passwordless';
import type { Config } from '../config';
import { noFeed } from '../feed/no-feed';
import { createPusherFeed } from '../feed/pusher';
import { createPusherLive } from '../feed/pusher-live';
import { type CourierParts, createCourier } from '../mail/courier';
import { createMailer } from '../mail/mailer';
import type { Services } from '../services';
import type { Step, StepUpServices } from '../step-up/outside';

/** What a runtime decides. The rest follows from the settings. */
interface Parts<Terms>
  extends Pick<StepUpServices<Terms>, 'kind' | 'store' | 'clock' | 'log'>,
    Pick<Services, 'alexaCertificates' | 'assets'> {
  config: Config;
  /** How codes are asked for at Auth0; the platform's own fetch if absent. */
  fetch?: typeof fetch;
  /** What customers are written; without words, or without the settings of a mail server, no notice is kept or sent. */
  mail?: Pick<CourierParts<Terms>, 'words' | 'page' | 'count'>;
}

/** Builds all that an app with one kind of action needs from outside. Every step that it takes is a line of the log. */
export function createServices<Terms>({ fetch, mail, ...parts }: Parts<Terms>) {
  const { config, store, clock, log } = parts;
  // No door may ask for a mailbox.
  const { mailboxOf, ...passwordless } = createPasswordless({ config, clock, log, fetch });
  const { pusher } = config;
  return {
    ...parts,
    limits: config,
    codeLength: config.codeLength,
    passwordless,
    accessTokens: createAccessTokens(config, clock),
    feed: pusher ? createPusherFeed({ config: pusher, clock, log }) : noFeed,
    live: pusher && createPusherLive(pusher),
    courier:
      config.mail &&
      mail &&
      createCourier({ ...mail, store, mailboxOf, send: createMailer(config.mail), clock, log }),
    recordStep: (step: Step) => log.info(step, 'order step'),
  };
}
