import express from 'express';
import type { LocalSkill } from '../../local/start-local';
import { alexaRouter } from '../../src/alexa/router';
import type { Feed, StepUpServices } from '../../src/step-up/outside';
import { createConversation } from './conversation';
import { type Opening, opening } from './opening';

type Open = (terms: Opening) => Promise<void>;

/** The skill "my garage". `open` is what it is all for. */
export function createGarage(open: Open): LocalSkill<Opening> {
  return {
    kind: opening,
    invocationName: 'my garage',
    modelDirectory: __dirname,
    suggestions: {
      first: ['open the left door', 'where is my order'],
      waiting: ['authorize order …', 'send me another code', 'cancel my order'],
      after: ['open the right door'],
    },
    createApp(services) {
      const feed = openWhenConfirmed(services, open);
      return express().use(
        '/alexa',
        alexaRouter({ ...services, feed }, createConversation(services.codeLength)),
      );
    },
  };
}

// A confirmation is announced once, by the turn that confirmed, and after the store has committed.
function openWhenConfirmed({ store, log }: StepUpServices<Opening>, open: Open): Feed {
  return {
    async publish(event) {
      if (!('status' in event && event.status === 'confirmed')) return;
      try {
        const action = await store.find(event.actionId);
        if (action) await open(action.terms);
      } catch (error) {
        log.error({ err: error, actionId: event.actionId }, 'a confirmed door stays closed');
      }
    },
  };
}
