import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApproveView } from './approve-view';
import { forgetDraft } from './delivery-address';
import { Away, Loading, SignedOut } from './notice';
import { OrdersView } from './orders-view';
import { PolicyView } from './policy-view';
import { ProfileView } from './profile-view';
import { SignInFailedView } from './sign-in-failed-view';
import { TermsView } from './terms-view';
import { hrefTo, type Route, useRoute } from './use-route';
import { type Session, useSession } from './use-session';

const titles: Record<string, string> = {
  '/orders': 'Orders',
  '/approve': 'Approve',
  '/profile': 'Profile',
  '/policy': 'Privacy policy',
  '/terms': 'Terms',
  '/sign-in-failed': 'Sign-in failed',
};

export function App() {
  const route = useRoute();
  const { session, load, report } = useSession();
  const main = useFocusOnNavigation(route.path);

  return (
    <>
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
      return <Loading what="your orders" />;
    case 'away':
      return <Away code={session.code} retry={load} />;
    case 'signed-out':
    case 'expired':
      return <SignedOut expired={session.state === 'expired'} goal={route.path} />;
    case 'signed-in':
      if (route.path === '/approve') return <ApproveView report={report} />;
      if (route.path === '/profile') return <ProfileView report={report} />;
      return <OrdersView me={session.me} params={route.params} report={report} />;
  }
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
                Orders
              </NavLink>
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
function useFocusOnNavigation(path: string) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${titles[path] ?? 'Orders'} · Pizza on Demand`;
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [path]);
  return main;
}
