import express, { type ErrorRequestHandler, type Express } from 'express';
import { pizzaConversation } from './alexa/pizza-conversation';
import { alexaRouter } from './alexa/router';
import { apiRouter } from './api/router';
import { appRouter } from './app/router';
import type { Services } from './services';
import type { Log } from './step-up/outside';

/** POD: three doors to the same orders. Mounted at the root or below any prefix; listening is the runtime's part. */
export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use('/alexa', alexaRouter(services, pizzaConversation));
  app.use('/api', apiRouter(services));
  app.use('/app', appRouter(services));
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing here. The back office is at app/.\n');
  });
  app.use(answerError(services.log));
  return app;
}

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
