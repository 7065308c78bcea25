import type { Turn } from '../page-data';
import type { Slot } from '../recognise-slot';

/** Which intent and slots Alexa understood, and why none if none. */
export function Understood({ turn: { request, unmatched } }: { turn: Turn }) {
  const { request: asked } = request;
  if (!('intent' in asked)) return <p class="understood">Understood: {asked.type}</p>;
  const slots = Object.values(asked.intent.slots ?? {}).filter((slot) => slot.slotValue ?? slot.value);
  return (
    <div class="understood">
      <p>
        Understood: <strong>{asked.intent.name}</strong>
        {slots.map((slot) => (
          <span key={slot.name} class="slot">
            {slot.name} = {valuesIn(slot).join(', ')}
          </span>
        ))}
      </p>
      {unmatched && <p class="aside">No phrase of the skill fits. {unmatched}</p>}
    </div>
  );
}

type Value = Extract<Slot['slotValue'], { type: 'Simple' }>;

function valuesIn({ slotValue, value = '' }: Slot): string[] {
  if (!slotValue) return [value];
  return (slotValue.type === 'List' ? slotValue.values : [slotValue]).map(meantBy);
}

/** What was heard, and what it means if that is another word. */
function meantBy({ value, resolutions }: Value): string {
  const [authority] = resolutions?.resolutionsPerAuthority ?? [];
  if (!authority) return value;
  const [match] = authority.values ?? [];
  if (!match) return `“${value}” (no such value)`;
  return match.value.name.toLowerCase() === value ? value : `“${value}” (${match.value.name})`;
}
