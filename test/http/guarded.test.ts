import { type Request, Router } from 'express';
import { expect, it } from 'vitest';
import { guarded } from '../../src/http/guarded';
import { serve } from '../fixtures/serve';

interface Person {
  name: string;
}

/** Knows whoever says a name, and has one route below the guarded paths and one beside them. */
function hall(): { router: Router; whoOf(req: object): Person } {
  let whoOf: ((req: object) => Person) | undefined;
  const identify = async (req: Request): Promise<Person> => {
    const name = req.get('X-Name');
    if (!name) throw Object.assign(new Error('Who is there?'), { status: 401 });
    return { name };
  };
  const router = guarded(['/mine', '/missing'], identify, (given) => {
    whoOf = given;
    const routes = Router();
    routes.get(['/mine', '/beside'], (req, res) => void res.json(given(req)));
    return routes;
  });
  return { router, whoOf: (req) => whoOf?.(req) as Person };
}

const as = (name: string) => ({ headers: { 'X-Name': name } });

it('tells the routes behind it who sent each request', async () => {
  const url = await serve('/hall', hall().router);
  const names = ['ann', 'bob', 'ann'];
  const answers = await Promise.all(names.map((name) => fetch(`${url}/mine`, as(name))));
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(names.map((name) => ({ name })));
});

it('lets nobody pass who is not identified, also where there is no route', async () => {
  const url = await serve('/hall', hall().router);
  expect((await fetch(`${url}/mine`)).status).toBe(401);
  expect((await fetch(`${url}/missing`)).status).toBe(401);
  expect((await fetch(`${url}/missing`, as('ann'))).status).toBe(404);
});

it('leads to no route beside the guarded paths, whoever asks', async () => {
  const url = await serve('/hall', hall().router);
  expect((await fetch(`${url}/beside`)).status).toBe(404);
  expect((await fetch(`${url}/beside`, as('ann'))).status).toBe(404);
});

it('does not tell who sent a request that has not passed', () => {
  expect(() => hall().whoOf({})).toThrow('has not passed');
});
