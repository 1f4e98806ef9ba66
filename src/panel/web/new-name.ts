/** What a new jail, filter or action may be called: a name that is safe as a section and as a file of fail2ban's. */

export const NEW_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
