/** A server that speaks the Pusher protocol, as somebody reaches it. */
interface PusherAddress {
  host: string;
  /** The scheme's own if absent. */
  port?: number;
  tls: boolean;
}

/** Pusher, or a server of one's own that speaks its protocol. */
export interface PusherSettings {
  appId: string;
  key: string;
  secret: string;
  /** Where Pusher's own servers are; not needed for a server of one's own. */
  cluster?: string;
  /** A server of one's own, as browsers reach it. */
  own?: PusherAddress;
  /** The same server, as POD reaches it. */
  ownFromHere?: PusherAddress;
}

export const pusherServerLooksLike =
  'the self-hosted Pusher-protocol server as POD itself reaches it, for example http://soketi:6001; a host alone has the port and TLS of the other two';

/** @returns a host alone, or all that a URL says; undefined for a text that is neither */
export function readPusherServer(text: string): string | PusherAddress | undefined {
  if (/^[a-z0-9.-]+$/i.test(text)) return text;
  const [, tls, host = '', port] = /^http(s?):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  if (tls === undefined || Number(port) > 65_535) return undefined;
  return { host, tls: tls !== '', ...(port !== undefined && { port: Number(port) }) };
}

interface PusherValues {
  pusherAppId?: string;
  pusherCluster?: string;
  pusherKey?: string;
  pusherSecret?: string;
  pusherHost?: string;
  pusherPort?: number;
  pusherTls: string;
  pusherServer?: ReturnType<typeof readPusherServer>;
}

/** What the single settings say together; undefined where changes are not pushed. */
export function pusherOf({
  pusherPort: port,
  pusherTls,
  ...values
}: PusherValues): PusherSettings | undefined {
  const { pusherAppId: appId, pusherKey: key, pusherSecret: secret, pusherCluster: cluster } = values;
  if (!appId || !key || !secret) return undefined;
  const { pusherHost: host, pusherServer: server } = values;
  if (!host) return { appId, key, secret, cluster };
  const own = { host, port, tls: pusherTls === 'true' };
  const ownFromHere = typeof server === 'object' ? server : { ...own, host: server ?? host };
  return { appId, key, secret, cluster, own, ownFromHere };
}
