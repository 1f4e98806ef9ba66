<?php
// Carries the sidecar's audit log over to Plesk's action log: after each change, and every minute for what was changed elsewhere.

class Modules_Bailiff_Audit
{
    /** Plesk's event and the key of its title. */
    const EVENTS = [
        'bans' => 'logBans',
        'trusted' => 'logTrusted',
        'jails' => 'logJails',
        'filters' => 'logFilters',
        'settings' => 'logSettings',
        'engine' => 'logEngine',
        'other' => 'logOther',
    ];
    /** First word of the sidecar's actions (`bans.unban`) and the event. */
    const KINDS = [
        'ban' => 'bans',
        'bans' => 'bans',
        'trusted' => 'trusted',
        'jail' => 'jails',
        'jails' => 'jails',
        'filter' => 'filters',
        'filters' => 'filters',
        'action' => 'filters',
        'actions' => 'filters',
        'setting' => 'settings',
        'settings' => 'settings',
        'defaults' => 'settings',
        'server' => 'settings',
        'daemon' => 'engine',
        'engine' => 'engine',
    ];
    const SETTING = 'auditSeen';
    const LONGEST = 1000;

    /** Never throws: the change is done, whether or not the log takes it. */
    public static function relay()
    {
        $lock = @fopen(pm_Context::getVarDir() . '/audit.lock', 'c');
        if ($lock === false || !flock($lock, LOCK_EX)) {
            return;
        }
        try {
            self::relayLocked();
        } catch (Exception $error) {
            pm_Log::err($error);
        } finally {
            flock($lock, LOCK_UN);
            fclose($lock);
        }
    }

    private static function relayLocked()
    {
        $seen = pm_Settings::get(self::SETTING);
        // The first time there is nothing to catch up on: what was done before is not the panel's.
        $path = $seen === null ? '/panel/audit' : '/panel/audit?after=' . (int) $seen;
        $audit = (new Modules_Bailiff_Sidecar())->data($path);
        if ($audit === null) {
            return;
        }
        foreach ($seen === null ? [] : $audit['entries'] as $entry) {
            self::submit($entry);
        }
        pm_Settings::set(self::SETTING, (string) (int) $audit['last']);
    }

    private static function submit(array $entry)
    {
        list($kind) = explode('.', (string) $entry['action'], 2);
        $event = isset(self::KINDS[$kind]) ? self::KINDS[$kind] : 'other';
        $old = ['Value' => self::text($entry['before'])];
        $new = [
            'Action' => self::text($entry['action']),
            'Subject' => self::text($entry['subject']),
            'User' => self::text($entry['who']),
            'Value' => self::text($entry['after']),
            'Result' => $entry['ok'] ? 'done' : 'refused: ' . self::text($entry['message']),
        ];
        pm_ActionLog::submit($event, null, $old, $new);
    }

    private static function text($value)
    {
        return mb_substr((string) $value, 0, self::LONGEST);
    }
}
