import express, { Router } from 'express';
import type { CallCounts } from './calls';
import { type Faults, parseFault } from './faults';

/**
 * The tenant's doors for tests and for the curious: `GET /calls` and `DELETE /calls` (start counting anew), `GET`,
 * `POST` and `DELETE /faults`. A fault comes as JSON, which a page of another site cannot send without asking first.
 */
export function controlRouter({ calls, faults }: { calls: CallCounts; faults: Faults }): Router {
  return Router()
    .get('/calls', (_req, res) => void res.json(calls.get()))
    .delete('/calls', (_req, res) => {
      calls.reset();
      res.sendStatus(204);
    })
    .get('/faults', (_req, res) => void res.json(faults.get()))
    .post('/faults', express.json(), (req, res) => {
      try {
        faults.add(parseFault(req.body));
        res.status(201).json(faults.get());
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        res.status(400).json({ error: 'invalid_request', error_description: error.message });
      }
    })
    .delete('/faults', (_req, res) => {
      faults.clear();
      res.sendStatus(204);
    });
}
