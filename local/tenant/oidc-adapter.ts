import type { Adapter, AdapterPayload, AllClientMetadata } from 'oidc-provider';
import type { StateFile } from './state-file';

/** What oidc-provider keeps, by model and id. */
export type OidcRecords = Record<string, { payload: AdapterPayload; expiresAt?: number }>;

/**
 * oidc-provider's storage: sessions, codes, grants and refresh tokens in the tenant's state file. The application
 * itself is looked up by `findClient` each time, because its callback URLs may be added while the tenant runs.
 */
export function createOidcAdapter(
  file: StateFile<OidcRecords>,
  findClient: (id: string) => AllClientMetadata | undefined,
): (model: string) => Adapter {
  const records = file.value;
  const isLive = (key: string) => (records[key]?.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now();
  let pruneAt = 0;

  function prune(): void {
    if (Date.now() < pruneAt) return;
    pruneAt = Date.now() + 60_000;
    for (const key of Object.keys(records)) if (!isLive(key)) delete records[key];
  }

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      prune();
      const expiresAt = expiresIn === undefined ? undefined : Date.now() + expiresIn * 1000;
      records[`${model}:${id}`] = { payload, expiresAt };
      await file.save();
    },
    async find(id) {
      if (model === 'Client') return findClient(id) as AdapterPayload | undefined;
      return isLive(`${model}:${id}`) ? records[`${model}:${id}`]?.payload : undefined;
    },
    async findByUid(uid) {
      const found = Object.entries(records).find(
        ([key, { payload }]) => key.startsWith(`${model}:`) && payload.uid === uid && isLive(key),
      );
      return found?.[1].payload;
    },
    // Of the device flow, which is off.
    findByUserCode: async () => undefined,
    async consume(id) {
      const record = records[`${model}:${id}`];
      if (record) record.payload.consumed = Math.floor(Date.now() / 1000);
      await file.save();
    },
    async destroy(id) {
      delete records[`${model}:${id}`];
      await file.save();
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of Object.entries(records)) {
        if (key.startsWith(`${model}:`) && payload.grantId === grantId) delete records[key];
      }
      await file.save();
    },
  });
}
