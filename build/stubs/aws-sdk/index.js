// alexa-sdk v1 requires aws-sdk v2 (100 MB, past its end of support) at load time, and touches it
// only when a skill sets dynamoDBTableName. POD never does: its orders live in its own store.
module.exports = new Proxy(
  {},
  {
    get(_target, property) {
      if (typeof property === 'symbol' || property === 'then') return undefined;
      throw new Error(
        `aws-sdk.${property} is not available: POD leaves aws-sdk out and keeps no state in DynamoDB. Use the OrderStore instead.`,
      );
    },
  },
);
