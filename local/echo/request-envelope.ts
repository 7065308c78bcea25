import { randomUUID } from 'node:crypto';
import type { Intent } from './resolve-utterance';

export type AlexaRequest =
  | { type: 'LaunchRequest' }
  | { type: 'IntentRequest'; intent: Intent }
  | { type: 'SessionEndedRequest'; reason: 'USER_INITIATED' | 'EXCEEDED_MAX_REPROMPTS' };

/** What this Echo says of itself in every request. */
interface Device {
  skillId: string;
  deviceId: string;
  /** Alexa makes a new one each time a skill is enabled, so it is nobody's identity. */
  userId: string;
}

export interface Session {
  sessionId: string;
  isNew: boolean;
  attributes: Record<string, unknown>;
}

/**
 * The envelope of a request as Alexa sends it today (Alexa Skills Kit, "Request and Response JSON Reference").
 * `personId` is there when she knows the voice.
 */
export function buildEnvelope(
  device: Device,
  session: Session,
  request: AlexaRequest,
  { accessToken, now, personId }: { accessToken?: string; now: number; personId?: string },
) {
  const application = { applicationId: device.skillId };
  const user = { userId: device.userId, ...(accessToken && { accessToken }) };
  const { type, ...rest } = request;
  return {
    version: '1.0',
    session: {
      new: session.isNew,
      sessionId: session.sessionId,
      application,
      attributes: session.attributes,
      user,
    },
    context: {
      Viewports: [],
      System: {
        application,
        user,
        ...(personId && { person: { personId } }),
        device: { deviceId: device.deviceId, supportedInterfaces: {} },
        apiEndpoint: 'https://api.amazonalexa.com',
        apiAccessToken: 'not-for-use',
      },
    },
    request: {
      type,
      requestId: `amzn1.echo-api.request.${randomUUID()}`,
      locale: 'en-US',
      timestamp: new Date(now).toISOString().replace(/\.\d+/, ''),
      ...rest,
    },
  };
}

export function newSession(): Session {
  return { sessionId: `amzn1.echo-api.session.${randomUUID()}`, isNew: true, attributes: {} };
}
