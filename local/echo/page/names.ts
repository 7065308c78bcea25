import type { EchoId, LinkedCustomer, PersonId } from '../page-data';

export const echoNames: Readonly<Record<EchoId, string>> = {
  kitchen: 'Kitchen',
  'living-room': 'Living room',
};

export const people: readonly PersonId[] = ['owner', 'housemate', 'guest'];
export const echos: readonly EchoId[] = ['kitchen', 'living-room'];

/** Who somebody at the speaker is. The owner is called as the linked customer is. */
export function nameOf(person: PersonId, customer: LinkedCustomer | undefined): string {
  return { owner: customer?.name ?? 'You', housemate: 'Robin', guest: 'A guest' }[person];
}

/** What Alexa knows of them. */
export const aboutPeople: Readonly<Record<PersonId, string>> = {
  owner: 'Whose account it is, and whose phone. Alexa knows the voice.',
  housemate: 'Lives here. Alexa knows the voice, and has no phone of theirs.',
  guest: 'Somebody else at the same speaker. Alexa does not know the voice.',
};
