/** What somebody asks of the Echo that it cannot do. The message says why, to the caller. */
export class BadCall extends Error {
  override readonly name = 'BadCall';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
