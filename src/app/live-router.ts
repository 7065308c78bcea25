import { Router, urlencoded } from 'express';
import type { PusherConfig } from '../config';
import { Refusal } from '../errors';
import { channelsEndAt, customerChannel, signSubscription, staffChannel } from '../live-channels';
import type { Services } from '../services';
import type { LiveChannel } from './page-data';
import { type Session, sessionOf } from './session';

type LiveServices = Pick<Services, 'config' | 'clock'>;

/** Tells the page where to listen, and lets it in: staff to the staff's channel, everybody else to their own. */
export function liveRouter(services: LiveServices, config: PusherConfig): Router {
  const { key, cluster, host, port, tls } = config;
  const router = Router();

  router.get('/live', (_request, response) => {
    const now = services.clock();
    const channel = channelOf(sessionOf(response), now);
    const live: LiveChannel = { key, cluster, host, port, tls, channel, endsAt: channelsEndAt(now) };
    response.json(live);
  });
  router.post(
    '/pusher/auth',

    urlencoded({ extended: false }),
    (request, response) => {
      const { socket_id: socketId, channel_name: channel } = request.body ?? {};
      if (typeof socketId !== 'string' || !/^\d{1,20}\.\d{1,20}$/.test(socketId)) {
        throw new Refusal('invalid_request', 'socket_id is malformed.');
      }
      if (channel !== channelOf(sessionOf(response), services.clock())) {
        throw new Refusal('forbidden', 'This channel is not for this session.');
      }
      response.json(signSubscription(config, socketId, channel));
    },
  );
  return router;
}

function channelOf({ staff, customerId }: Session, now: number): string {
  return staff ? staffChannel(now) : customerChannel(customerId, now);
}
