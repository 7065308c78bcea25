import { type Request, Router, urlencoded } from 'express';
import { exactPaths } from '../http/exact-paths';
import { bodyLimit } from '../http/json-body';
import type { Viewer } from '../orders/viewer';
import type { Clock } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import type { LiveChannel, LiveConnection } from './page-data';

/** How open pages hear of changes. All times in milliseconds since the epoch. */
export interface LiveUpdates {
  /** What a page needs to connect; nothing of it is secret. */
  connection: LiveConnection;
  /** Where the connection leads, for the page's content security policy. */
  socketOrigin: string;
  /** The one channel that the viewer may hear at `now`. */
  channelFor(viewer: Viewer, now: number): string;
  /** When the channels of `now` fall silent. */
  endsAt(now: number): number;
  /** What lets the connection `socketId` into this channel, and into no other. */
  authorize(socketId: string, channel: string): { auth: string };
}

/** Tells the page where to listen, and lets it in there and nowhere else. */
export function liveRouter(
  { live, clock }: { live: LiveUpdates; clock: Clock },
  viewerOf: (request: Request) => Viewer,
): Router {
  const router = Router(exactPaths);
  router.get('/live', (request, response) => {
    const now = clock();
    const channel = live.channelFor(viewerOf(request), now);
    const answer: LiveChannel = { ...live.connection, channel, endsAt: live.endsAt(now) };
    response.json(answer);
  });
  router.post('/pusher/auth', urlencoded({ extended: false, limit: bodyLimit }), (request, response) => {
    const { socket_id: socketId, channel_name: channel } = request.body ?? {};
    // What is signed is `socketId:channel`: a socket id with a colon in it could name another channel.
    if (typeof socketId !== 'string' || !/^\d{1,20}\.\d{1,20}$/.test(socketId)) {
      throw new Refusal('invalid_request', 'socket_id is malformed.');
    }
    if (channel !== live.channelFor(viewerOf(request), clock())) {
      throw new Refusal('forbidden', 'This channel is not for this session.');
    }
    response.json(live.authorize(socketId, channel));
  });
  return router;
}
