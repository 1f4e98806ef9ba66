/** What this room needs of the notebook: who banned whom by hand, why, and until when. */

export interface ManualBan {
  readonly jail: string;
  readonly id: string;
  readonly who: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly reason: string;
  /** Null when nobody but the jail ends it. */
  readonly until: number | null;
}

export interface ManualBans {
  /** All, or those of the given ids. */
  manualBans(ids?: readonly string[]): Promise<readonly ManualBan[]>;
  putManualBan(ban: ManualBan): Promise<void>;
  removeManualBan(jail: string, id: string): Promise<void>;
}

/** The lawful nothing: remembers as long as the process lives. */
export function manualBansInMemory(): ManualBans {
  const bans = new Map<string, ManualBan>();
  return {
    manualBans: async (ids) => [...bans.values()].filter(({ id }) => ids === undefined || ids.includes(id)),
    async putManualBan(ban) {
      bans.set(`${ban.jail} ${ban.id}`, ban);
    },
    async removeManualBan(jail, id) {
      bans.delete(`${jail} ${id}`);
    },
  };
}
