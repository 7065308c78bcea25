import Ajv, { type ValidateFunction } from 'ajv';
import smapi from 'ask-smapi-model/spec.json';

/** What the files of a skill package are to Amazon's Skill Management API (SMAPI). */
const definitions = {
  manifest: 'v1.skill.Manifest.SkillManifestEnvelope',
  model: 'v1.skill.interactionModel.InteractionModelData',
  accountLinking: 'v1.skill.accountLinking.AccountLinkingRequest',
};

export type SmapiFile = keyof typeof definitions;

const known = new Map<SmapiFile, ValidateFunction>();
let schemas: Ajv | undefined;

/** What is wrong with a file by SMAPI's schema, closed to fields that it does not name; one line each. */
export function smapiFaults(kind: SmapiFile, file: unknown): string[] {
  schemas ??= new Ajv({ strict: false, allErrors: true, validateFormats: false }).addSchema({
    $id: 'smapi',
    ...(closed(smapi) as object),
  });
  const validate = known.get(kind) ?? schemas.compile({ $ref: `smapi#/definitions/${definitions[kind]}` });
  known.set(kind, validate);
  if (validate(file)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const { additionalProperty, allowedValues } = params;
    const named = additionalProperty ?? allowedValues?.join(', ');
    return `${instancePath || 'it'} ${message}${named ? `: ${named}` : ''}`;
  });
}

/** The schema lets every unknown field pass, and with it every slip of the pen. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  // A definition with a discriminator is the common part of others, which add to it.
  const isWhole = fields.type === 'object' && fields.properties && !fields.allOf && !fields.discriminator;
  return isWhole && !fields.additionalProperties ? { ...fields, additionalProperties: false } : fields;
}
