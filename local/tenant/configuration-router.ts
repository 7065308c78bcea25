import { type Request, type Response, Router } from 'express';
import { type Collection, collections, type Fields } from './collections';
import type { Configuration, Connection, TenantConfiguration } from './configuration';
import { ManagementError } from './management-error';
import { hasScope, type ManagementTokens, requireScope } from './require-scope';

/**
 * The calls of the Management API v2 by which a tenant is configured (https://auth0.com/docs/api/management/v2): those of
 * auth0-deploy-cli for what POD's definition has. Other calls are left to the next router.
 */
export function configurationRouter({
  configuration,
  ...tokens
}: ManagementTokens & { configuration: Configuration }): Router {
  const requires = requireScope(tokens);
  const { value, save } = configuration;
  const router = Router();
  for (const [list, collection] of Object.entries(collections)) {
    const members = value[list as keyof typeof collections] as unknown as Fields[];
    addCollection(router, collection, { members, save }, requires);
  }

  const connection = (req: Request) => found(value.connections, 'id', req) as unknown as Connection;
  const role = (req: Request) => found(value.roles, 'id', req) as unknown as TenantConfiguration['roles'][0];
  return router
    .get('/connections/:id/clients', requires('read:connections'), (req, res) => {
      res.json({ clients: connection(req).enabled_clients.map((client_id) => ({ client_id })) });
    })
    .patch('/connections/:id/clients', requires('update:connections'), async (req, res) => {
      const one = connection(req);
      for (const { client_id, status } of req.body as { client_id: string; status: boolean }[]) {
        const others = one.enabled_clients.filter((id) => id !== client_id);
        one.enabled_clients = status ? [...others, client_id] : others;
      }
      await save();
      res.sendStatus(204);
    })
    .get('/roles/:id/permissions', requires('read:roles'), (req, res) => {
      sendPage(req, res, 'permissions', role(req).permissions);
    })
    .post('/roles/:id/permissions', requires('update:roles'), async (req, res) => {
      const { permissions } = role(req);
      for (const permission of req.body.permissions) {
        if (!permissions.some(same(permission))) permissions.push(permission);
      }
      await save();
      res.status(201).json({});
    })
    .delete('/roles/:id/permissions', requires('update:roles'), async (req, res) => {
      const gone: unknown[] = req.body.permissions;
      const one = role(req);
      one.permissions = one.permissions.filter((permission) => !gone.some(same(permission)));
      await save();
      res.sendStatus(204);
    })
    .get('/tenants/settings', requires('read:tenant_settings'), (_req, res) => void res.json(value.tenant))
    .patch('/tenants/settings', requires('update:tenant_settings'), async (req, res) => {
      const flags = { ...value.tenant.flags, ...req.body.flags };
      Object.assign(value.tenant, req.body, { flags });
      await save();
      res.json(value.tenant);
    })
    .get('/attack-protection/:kind', requires('read:attack_protection'), (req, res) => {
      res.json(protection(value, req));
    })
    .patch('/attack-protection/:kind', requires('update:attack_protection'), async (req, res) => {
      const one = Object.assign(protection(value, req), req.body);
      await save();
      res.json(one);
    })
    .get('/actions/actions', requires('read:actions'), (req, res) => sendPage(req, res, 'actions', []))
    .get('/custom-domains', requires('read:custom_domains'), (_req, res) => void res.json([]));
}

function addCollection(
  router: Router,
  { path, noun, id, unique, create, check }: Collection,
  { members, save }: { members: Fields[]; save(): Promise<void> },
  requires: ReturnType<typeof requireScope>,
): void {
  router
    .get(`/${path}`, requires(`read:${noun}`), (req, res) => {
      sendPage(req, res, noun, members.filter(matching(req.query)).map(shownTo(res)));
    })
    .post(`/${path}`, requires(`create:${noun}`), async (req, res) => {
      const member = create(req.body);
      check?.(member);
      if (unique.length > 0 && members.some((one) => unique.every((name) => one[name] === member[name]))) {
        throw new ManagementError(409, 'conflict', `There is one with this ${unique.join(' and ')} already.`);
      }
      members.push(member);
      await save();
      res.status(201).json(member);
    })
    .get(`/${path}/:id`, requires(`read:${noun}`), (req, res) => {
      res.json(shownTo(res)(found(members, id, req)));
    })
    .patch(`/${path}/:id`, requires(`update:${noun}`), async (req, res) => {
      const member = found(members, id, req);
      const changed = { ...member, ...req.body };
      check?.(changed);
      Object.assign(member, changed);
      await save();
      res.json(member);
    });
}

/** An application's secret is for who may read keys. */
function shownTo(res: Response) {
  const showsKeys = hasScope(res, 'read:client_keys');
  return ({ client_secret, ...member }: Fields): Fields =>
    client_secret === undefined || !showsKeys ? member : { ...member, client_secret };
}

/** As Auth0 pages: a list, or with totals or by checkpoint an object that has it. */
function sendPage(req: Request, res: Response, noun: string, all: readonly unknown[]): void {
  const { include_totals, take, page = 0, per_page = 50 } = req.query;
  if (take) return void res.json({ [noun]: all });
  const start = Number(page) * Number(per_page);
  const items = all.slice(start, start + Number(per_page));
  if (include_totals !== 'true') return void res.json(items);
  res.json({ start, limit: Number(per_page), total: all.length, [noun]: items });
}

function matching(query: Request['query']) {
  const filters = ['name', 'strategy', 'client_id', 'audience', 'identifier']
    .filter((name) => query[name] !== undefined)
    .map((name) => [name, [query[name]].flat()] as const);
  return (member: Fields) => filters.every(([name, wanted]) => wanted.includes(String(member[name])));
}

function found<Member extends object>(members: readonly Member[], id: string, req: Request): Fields {
  const member = (members as readonly Fields[]).find((one) => one[id] === req.params.id);
  if (!member) throw new ManagementError(404, 'inexistent_resource', 'There is none with this id.');
  return member;
}

function protection({ attackProtection }: TenantConfiguration, { params }: Request) {
  const one = Object.hasOwn(attackProtection, String(params.kind))
    ? attackProtection[String(params.kind)]
    : undefined;
  if (!one) throw new ManagementError(404, 'not_found', 'This tenant has no such protection.');
  return one;
}

function same(permission: unknown) {
  const key = (one: unknown) => {
    const { permission_name, resource_server_identifier } = one as Record<string, string>;
    return `${permission_name} ${resource_server_identifier}`;
  };
  return (other: unknown) => key(other) === key(permission);
}
