import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Me } from '../page-data';
import { ApproveView } from './approve-view';
import { CustomerView } from './customer-view';
import { DayView } from './day-view';
import { forgetDraft } from './delivery-address';
import { DetailsView } from './details-view';
import { KitchenView } from './kitchen-view';
import { LockedView } from './locked-view';
import { Away, Loading, SignedOut } from './notice';
import { PolicyView } from './policy-view';
import { ProfileView } from './profile-view';
import { SignInFailedView } from './sign-in-failed-view';
import { TermsView } from './terms-view';
import { hrefTo, type Route, useRoute } from './use-route';
import { type Session, useSession } from './use-session';

const titles: Record<string, string> = {
  '/orders': 'Orders',
  '/approve': 'Approve',
  '/day': 'The day',
  '/locked': 'Locked',
  '/profile': 'Profile',
  '/policy': 'Privacy policy',
  '/terms': 'Terms',
  '/sign-in-failed': 'Sign-in failed',
};

export function App() {
  const route = useRoute();
  const { session, load, report } = useSession();
  const main = useFocusOnNavigation(route);

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header session={session} path={route.path} />
      <main class="container" ref={main} tabIndex={-1}>
        <View route={route} session={session} load={load} report={report} />
      </main>
      <footer class="container">
        <span>Ordered by voice, confirmed by code.</span>
        <nav class="legal" aria-label="Legal">
          <a href={hrefTo('/policy')}>Privacy policy</a>
          <a href={hrefTo('/terms')}>Terms</a>
        </nav>
      </footer>
    </>
  );
}

type ViewProps = Pick<ReturnType<typeof useSession>, 'session' | 'load' | 'report'> & { route: Route };

function View({ route, session, load, report }: ViewProps) {
  switch (route.path) {
    case '/policy':
      return <PolicyView />;
    case '/terms':
      return <TermsView />;
    case '/sign-in-failed':
      return <SignInFailedView reason={route.params.get('reason')} />;
  }
  switch (session.state) {
    case 'loading':
      return <Loading what="the page" />;
    case 'away':
      return <Away code={session.code} retry={load} />;
    case 'signed-out':
    case 'expired':
      return <SignedOut expired={session.state === 'expired'} goal={route.path} />;
    case 'signed-in':
      return <SignedIn route={route} me={session.me} report={report} />;
  }
}

function SignedIn({ route: { path, params }, me, report }: Omit<ViewProps, 'session' | 'load'> & { me: Me }) {
  const [, id] = /^\/orders\/([^/]+)$/.exec(path) ?? [];
  if (id !== undefined) return <DetailsView key={id} id={id} me={me} report={report} />;
  if (path === '/approve') return <ApproveView report={report} />;
  if (path === '/profile') return <ProfileView report={report} />;
  if (!me.staff) return <CustomerView me={me} params={params} report={report} />;
  if (path === '/day') return <DayView me={me} params={params} report={report} />;
  if (path === '/locked') return <LockedView report={report} />;
  return <KitchenView me={me} report={report} />;
}

function Header({ session, path }: { session: Session; path: string }) {
  const signedIn = session.state === 'signed-in' ? session.me : undefined;
  return (
    <header class="bar">
      <div class="container">
        <a class="brand" href={hrefTo('/orders')}>
          <span>Pizza on Demand</span>
        </a>
        {signedIn && (
          <>
            <nav aria-label="Main">
              <NavLink path="/orders" current={path}>
                {signedIn.staff ? 'Kitchen' : 'Orders'}
              </NavLink>
              {signedIn.staff && (
                <>
                  <NavLink path="/day" current={path}>
                    Day
                  </NavLink>
                  <NavLink path="/locked" current={path}>
                    Locked
                  </NavLink>
                </>
              )}
              <NavLink path="/profile" current={path}>
                Profile
              </NavLink>
            </nav>
            <form class="who" method="post" action="oidc/logout" onSubmit={forgetDraft}>
              <span class="name" title={signedIn.name}>
                {signedIn.name}
              </span>
              {signedIn.staff && <span class="badge">Staff</span>}
              <button type="submit" class="outline secondary">
                Sign out
              </button>
            </form>
          </>
        )}
      </div>
    </header>
  );
}

function NavLink({
  path,
  current,
  children,
}: {
  path: string;
  current: string;
  children: ComponentChildren;
}) {
  return (
    <a href={hrefTo(path)} aria-current={path === current ? 'page' : undefined}>
      {children}
    </a>
  );
}

/** Moving to another view moves the focus there and renames the document, as loading a page would. */
function useFocusOnNavigation({ path, params }: Route) {
  // Another page of a list is another view; what only filters it leaves the focus where it is.
  const page = params.get('after');
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${titles[path] ?? 'Order'} · Pizza on Demand`;
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [path, page]);
  return main;
}
