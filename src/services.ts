import type { AlexaServices } from './alexa/router';
import type { ApiServices } from './api/router';
import type { AppServices } from './app/router';
import type { OrderTerms } from './orders/pizza-order';

/** Everything the app needs from outside: the sum of what its doors ask for. A runtime builds it and calls `createApp`. */
export type Services = AlexaServices<OrderTerms> & ApiServices & AppServices;
