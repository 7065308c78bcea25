import { cancelWithinMs } from '../../orders/pizza-order';
import { hrefTo } from './use-route';

export function TermsView() {
  return (
    <article class="prose">
      <h1>Terms</h1>
      <p>These terms are between you and the pizzeria that runs this Pizza on Demand (POD).</p>

      <h2>When an order counts</h2>
      <p>
        An order counts once it is confirmed with the one-time code sent to you. Until then it is only a wish:
        it can be cancelled, a newer one replaces it, and it ends by itself after a few minutes.
      </p>

      <h2>Codes</h2>
      <p>
        A code is for one order and works once. Three wrong codes refuse an order; five in a row lock ordering
        until you sign in here and unlock it. Only a few codes are sent within an hour. Someone who hears your
        Echo and reads your messages can confirm in your name, so keep your phone to yourself.
      </p>

      <h2>Confirmed orders</h2>
      <p>
        You can cancel a confirmed order within {cancelWithinMs / 60_000} minutes, here or by voice. After
        that, or to change it, talk to the pizzeria, and so about payment. What it costs and where it goes are
        said before you confirm it, and do not change afterwards.
      </p>

      <h2>Availability</h2>
      <p>
        Ordering by voice needs Amazon Alexa and Auth0. When one of them is away, POD says so and nothing is
        ordered.
      </p>

      <h2>Your data</h2>
      <p>
        See the <a href={hrefTo('/policy')}>privacy policy</a>.
      </p>
    </article>
  );
}
