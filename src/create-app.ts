import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { createPizzaConversation } from './alexa/pizza-conversation';
import { alexaRouter } from './alexa/router';
import { apiRouter } from './api/router';
import { appRouter } from './app/router';
import type { Services } from './services';
import type { Log } from './step-up/outside';

/** POD: three doors to the same orders. Mounted at the root or below any prefix; listening is the runtime's part. */
export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  // A path has one spelling: see exactPaths.
  app.enable('case sensitive routing').enable('strict routing');
  app.use(secureHeaders);
  app.use('/alexa', alexaRouter(services, createPizzaConversation(services)));
  app.use('/api', apiRouter(services));
  app.use('/app', appRouter(services));
  app.get('/', (request, response) => response.redirect(`${request.baseUrl}/app/`));
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing here. The back office is at app/.\n');
  });
  app.use(answerError(services.log));
  return app;
}

/** At every door; the page's door says more of its own. Nothing here is framed, sniffed or, once reached by TLS, asked without. */
const secureHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  // What else runs below this domain is not POD's to decide.
  strictTransportSecurity: { includeSubDomains: false },
});

// The last resort: each door answers its own refusals, so what comes here is a bug or a malformed request line.
function answerError(log: Log): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) log.error({ err: error }, 'a request failed unexpectedly');
    if (response.headersSent) return next(error);
    const text =
      status === 500 ? 'Something went wrong here. Please try again.' : 'This request is malformed.';
    response.status(status).type('text').send(`${text}\n`);
  };
}
