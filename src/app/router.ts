import { type RequestHandler, Router } from 'express';
import type { Services } from '../services';
import { assetsRouter } from './assets';
import { liveRouter } from './live-router';
import { ordersRouter } from './orders-router';
import { requireOrigin } from './origin';
import { answerRefusals } from './problem';
import { profileRouter } from './profile-router';
import { sameOriginChanges } from './same-origin-changes';
import { securityHeaders } from './security-headers';
import { requireSession } from './session';
import { signInRouter } from './sign-in';

/** The back office: the page, the sign-in, and the page's data. Works below any prefix. */
export function appRouter(services: Services): Router {
  const { config, log } = services;
  const router = Router();
  router.use(securityHeaders(config), requireOrigin(config), sameOriginChanges(config), redirectToSlash);
  router.use(assetsRouter(services.assets));
  router.use(signInRouter(services));
  router.use(notCached);
  router.use(profileRouter(services));
  router.use(['/orders', '/live', '/pusher'], requireSession(services));
  router.use('/orders', ordersRouter(services));
  if (config.pusher) router.use(liveRouter(services, config.pusher));
  router.use(answerRefusals(log));
  return router;
}

/** The page's links are relative to `…/app/`. Browsers keep the fragment, so `…/app#/policy` arrives where it should. */
const redirectToSlash: RequestHandler = (request, response, next) => {
  const [path, query] = request.originalUrl.split('?');
  if (request.path !== '/' || path?.endsWith('/')) return next();
  response.redirect(`${request.baseUrl}/${query === undefined ? '' : `?${query}`}`);
};

/** Kept only by the page that asked, and asked for again each time: an ETag answers when nothing has changed. */
const notCached: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'private, no-cache');
  next();
};
