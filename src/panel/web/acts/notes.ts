/** What people do with the notes of an address. */
import type { PageWorld } from '../page';
import { type Actor, record } from './actor';

/** Returns the id of the note. */
export async function addNote(world: PageWorld, actor: Actor, address: string, text: string): Promise<number> {
  const id = await world.notebook.addNote({ address, time: world.clock.now(), who: actor.who, text });
  await record(world, actor, { action: 'notes.add', subject: address, after: text, ok: true });
  return id;
}

/** False when the address has no such note. */
export async function removeNote(world: PageWorld, actor: Actor, address: string, id: number): Promise<boolean> {
  const note = (await world.notebook.notes(address)).find((candidate) => candidate.id === id);
  if (note === undefined) return false;
  const ok = await world.notebook.removeNote(id);
  await record(world, actor, { action: 'notes.remove', subject: address, before: note.text, ok });
  return ok;
}
