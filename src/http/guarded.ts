import { type Request, type Response, Router } from 'express';
import { exactPaths } from './exact-paths';

/**
 * Routes behind a guard: a request reaches them only below `paths`, and only once it is known who sent it.
 * @param identify who sends a request; what it throws is the answer
 * @param routes makes the routes. Only they get the function that tells who sent a request
 */
export function guarded<Who extends object>(
  paths: string | string[],
  identify: (req: Request, res: Response) => Who | Promise<Who>,
  routes: (whoOf: (req: object) => Who) => Router,
): Router {
  const passed = new WeakMap<object, Who>();
  const behind = routes((req) => {
    const who = passed.get(req);
    if (!who) throw new Error('This request has not passed the guard.');
    return who;
  });

  const router = Router(exactPaths);
  router.use(paths, async (req, res, next) => {
    passed.set(req, await identify(req, res));
    next();
  });
  router.use((req, res, next) => (passed.has(req) ? behind(req, res, next) : next()));
  return router;
}
