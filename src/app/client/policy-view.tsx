/** What POD keeps and who else is involved. It must stay true to step-up/ledger.ts and the stores. */
export function PolicyView() {
  return (
    <article class="prose">
      <h1>Privacy policy</h1>
      <p>
        Pizza on Demand (POD) takes pizza orders by voice and asks for a one-time code before an order counts.
        This page says what it keeps for that, and who else is involved.
      </p>

      <h2>What POD keeps</h2>
      <ul>
        <li>
          Your customer id: the name under which Auth0 knows you. It is not your e-mail or phone number.
        </li>
        <li>
          Your orders: size, toppings, what each cost, where it goes, when and how it was placed, what became
          of it, how many codes were tried, and a masked form of where the code went, such as “•••• 0199”.
        </li>
        <li>
          Counters that protect you: when wrong codes were tried within the last 30 days, and when you ordered
          and were sent codes within the last hour or so.
        </li>
        <li>
          The ids and answers of your latest requests, used for a day at most, so that a repeated request does
          not order twice.
        </li>
        <li>When you last signed out on this page, so that no older sign-in counts.</li>
        <li>
          Until it is sent, about a day at most: that you are to get a mail about an order, without your
          e-mail address.
        </li>
        <li>
          For the minute in which POD waits for your yes: a fingerprint of the conversation, from which
          neither your Echo nor you can be told.
        </li>
      </ul>

      <h2>What POD does not keep</h2>
      <ul>
        <li>The one-time codes: Auth0 makes them and checks them.</li>
        <li>
          Your full phone number and e-mail address. POD reads them from Auth0 when a code or a mail is due,
          uses what it has in memory for at most a minute, and writes them down nowhere.
        </li>
        <li>
          Your delivery address, apart from that of each order. Auth0 keeps it; POD uses what it has of it in
          memory for at most a minute.
        </li>
        <li>Recordings of your voice. Amazon sends POD only the words it understood.</li>
        <li>Payment data. POD has none.</li>
      </ul>

      <h2>Who else is involved</h2>
      <ul>
        <li>
          <strong>Auth0</strong> holds your account, contact data and delivery address, signs you in, and
          sends and checks the codes by text message or e-mail.
        </li>
        <li>
          <strong>Amazon Alexa</strong> hears what you say, under your agreement with Amazon, and speaks POD’s
          answers and shows them on cards: your orders, and of your address the street alone. Spoken codes
          pass through it too; each works once, and only for a few minutes.
        </li>
        <li>
          <strong>A mail server</strong>, where the pizzeria uses one, brings you receipts, and the news that
          ordering is locked or that the pizzeria cancelled an order. It gets your e-mail address, the order,
          what it costs, and of your delivery address the street.
        </li>
        <li>
          <strong>Pusher</strong>, where the pizzeria uses it, tells open pages that an order changed. It gets
          the order’s id, its state and a summary such as “large pizza with pepperoni”, or how many orders
          were cleared, and no name, contact or address.
        </li>
      </ul>

      <h2>Who sees it</h2>
      <p>
        You see your own orders and your own address. The pizzeria’s staff see everybody’s orders and where
        they go, with masked contacts. The server’s log notes the steps of an order by its id and that of the
        account, that an address was changed, and what was refused to whom, without codes, tokens, contacts or
        addresses.
      </p>

      <h2>Cookies</h2>
      <p>
        Signing in sets one encrypted cookie that keeps you signed in for at most a day, and a short-lived one
        during the sign-in itself. If you have to sign in again to save an address, what you typed waits in
        this tab until you are back, sign out or close it. There is no tracking, no advertising, and nothing
        is loaded from elsewhere.
      </p>

      <h2>How long, and your rights</h2>
      <p>
        Clearing an order only takes it off the board; orders are kept until the pizzeria deletes them. A
        pizzeria that hosts POD with little storage loses its oldest cleared orders first. You can change and
        remove your address in your profile; orders keep the one they were placed with. Ask the pizzeria to
        see, correct or delete what is kept about you, and unlink the skill in the Alexa app to stop ordering
        by voice.
      </p>
    </article>
  );
}
