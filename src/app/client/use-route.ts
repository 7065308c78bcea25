import { useEffect, useState } from 'preact/hooks';

export interface Route {
  path: string;
  params: URLSearchParams;
}

/** The part of the address after `#`: it survives the redirect to the page's own address, and the server never sees it. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return parseHash(hash);
}

function parseHash(hash: string): Route {
  const [path = '', query] = hash.slice(1).split('?');
  return { path: path || '/orders', params: new URLSearchParams(query) };
}

/** The address of a view, for links. Empty parameters are left out. */
export function hrefTo(path: string, params: Record<string, string | undefined> = {}): string {
  const kept = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(kept).toString();
  return query ? `#${path}?${query}` : `#${path}`;
}
