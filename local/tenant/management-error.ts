import { STATUS_CODES } from 'node:http';

/** A refusal of the Management API, with Auth0's body: `{statusCode, error, message, errorCode}`. */
export class ManagementError extends Error {
  constructor(
    readonly statusCode: number,
    readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }

  toJSON() {
    const { statusCode, errorCode, message } = this;
    return { statusCode, error: STATUS_CODES[statusCode], message, errorCode };
  }
}
