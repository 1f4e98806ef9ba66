/** Which fail2ban this one behaves like, and which Bailiff it is. */

/** The version that `%(fail2ban_version)s` and the `version` command name: scripts compare it. */
export const FAIL2BAN_PARITY = '1.0.2';

export const BAILIFF_VERSION = '0.1.0';
