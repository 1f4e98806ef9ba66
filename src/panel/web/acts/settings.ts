/** What people do with the server as a whole: start and stop it, change the engine, keep the history longer, make and revoke tokens. */
import type { EngineName, SwitchOutcome } from '../../control/daemon/daemon';
import { RETENTION_SETTING, retentionDays } from '../../history/retention';
import { hashOfSecret, newSecret } from '../api/token';
import type { PageWorld } from '../page';
import { type Actor, record, type RecordWorld } from './actor';
import { held, type HeldWorld } from './held';
import { messageOf } from '../../../base/errors';

/** Starts or stops the server; rejects as the daemon does, after it was written down. */
export async function setRunning(world: RecordWorld & Pick<PageWorld, 'daemon'>, actor: Actor, on: boolean): Promise<void> {
  const action = on ? 'server.start' : 'server.stop';
  try {
    await (on ? world.daemon.start() : world.daemon.stop());
    await record(world, actor, { action, subject: 'server', ok: true });
  } catch (error) {
    await record(world, actor, { action, subject: 'server', ok: false, message: messageOf(error) });
    throw error;
  }
}

/**
 * Configuration and bans stay what they are, so it waits for nobody; but while somebody else's edit does, it is refused.
 * @param world with the board where there is one: it is told
 */
export async function switchEngine(
  world: RecordWorld & HeldWorld & Pick<PageWorld, 'daemon'> & Partial<Pick<PageWorld, 'board'>>,
  actor: Actor,
  engine: EngineName,
): Promise<SwitchOutcome> {
  const before = (await world.daemon.state()).engine;
  const what = `server.engine ${engine}`;
  const outcome = await held(world, actor, { risk: 'none', what }, () => world.daemon.switchTo(engine));
  world.board?.changed(null);
  await record(world, actor, { action: 'server.engine', subject: engine, before, after: engine, ok: outcome.ok, message: outcome.message });
  return outcome;
}

/** Days that the history is kept. */
export async function keptDays(world: PageWorld): Promise<number> {
  return retentionDays(await world.notebook.setting(RETENTION_SETTING));
}

/** @param days 1 to MAX_RETENTION */
export async function keepHistory(world: PageWorld, actor: Actor, days: number): Promise<void> {
  const before = await world.notebook.setting(RETENTION_SETTING);
  await world.notebook.putSetting(RETENTION_SETTING, String(days));
  await record(world, actor, { action: 'settings.retention', subject: 'history', before, after: String(days), ok: true });
}

/** Returns the secret, which is shown once and kept nowhere. */
export async function makeToken(world: PageWorld, actor: Actor, name: string, readOnly: boolean): Promise<string> {
  const secret = newSecret();
  await world.notebook.addToken({ name, readOnly, createdBy: actor.who, created: world.clock.now(), hash: hashOfSecret(secret) });
  await record(world, actor, { action: 'tokens.add', subject: name, after: readOnly ? 'read-only' : 'read and write', ok: true });
  return secret;
}

/** False when there is no such token. */
export async function revokeToken(world: PageWorld, actor: Actor, id: number): Promise<boolean> {
  const token = (await world.notebook.tokens()).find((candidate) => candidate.id === id);
  if (token === undefined) return false;
  const ok = await world.notebook.revokeToken(id);
  await record(world, actor, { action: 'tokens.revoke', subject: token.name, ok });
  return ok;
}
