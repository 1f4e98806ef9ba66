<?php
// Asks the sidecar every minute for news and sends each as a notification, once: an address banned for ever, a jail that does not work, an engine that stopped.

class Modules_Bailiff_News
{
    const KINDS = ['permanent', 'unhealthy', 'stopped'];
    const SETTING = 'newsState';
    /** Minutes in a row that the engine must be silent: a restart is no news. */
    const SILENT_MINUTES = 2;
    /** Seconds before the last time that are asked for again: a server may tell the time of a ban a second later after it was restarted. */
    const OVERLAP = 2;
    /** Jails whose trouble was told are remembered up to this many, for the setting holds 5000 characters. */
    const MOST_JAILS = 40;

    /** A text with the panel's placeholders left in it: `<id>` is filled in when the notification is sent. */
    public static function template($key)
    {
        $names = ['id', 'jail', 'what', 'reason', 'since'];
        return pm_Locale::lmsg($key, array_combine($names, array_map(function ($name) {
            return '%%' . $name . '%%';
        }, $names)));
    }

    public static function tell()
    {
        $state = json_decode((string) pm_Settings::get(self::SETTING), true);
        $state = (is_array($state) ? $state : []) + ['since' => time(), 'told' => [], 'unhealthy' => [], 'silent' => 0, 'silentSince' => null];
        $news = (new Modules_Bailiff_Sidecar())->data('/panel/news?since=' . ((int) $state['since'] - self::OVERLAP), 20);
        if ($news === null || !$news['answers']) {
            $state = self::silent($state);
        } else {
            $state = ['silent' => 0, 'silentSince' => null] + self::answered($state, $news);
        }
        pm_Settings::set(self::SETTING, json_encode($state));
    }

    private static function silent(array $state)
    {
        $state['silent'] += 1;
        $state['silentSince'] = $state['silentSince'] === null ? time() : $state['silentSince'];
        if ($state['silent'] === self::SILENT_MINUTES) {
            self::send('stopped', ['since' => date('Y-m-d H:i', $state['silentSince'])]);
        }
        return $state;
    }

    private static function answered(array $state, array $news)
    {
        $told = [];
        foreach ($news['permanent'] as $ban) {
            $mark = md5($ban['jail'] . ' ' . $ban['id']);
            $told[] = $mark;
            if (!in_array($mark, $state['told'], true)) {
                self::send('permanent', ['id' => $ban['id'], 'jail' => $ban['jail']]);
            }
        }
        $unhealthy = [];
        foreach ($news['unhealthy'] as $jail) {
            if (!in_array($jail['jail'], $state['unhealthy'], true)) {
                $what = $jail['jail'] === '' ? pm_Locale::lmsg('wholeConfiguration') : pm_Locale::lmsg('oneJail', ['jail' => $jail['jail']]);
                self::send('unhealthy', ['what' => $what, 'reason' => $jail['reason']]);
            }
            $unhealthy[] = $jail['jail'];
        }
        return ['since' => (int) $news['now'], 'told' => $told, 'unhealthy' => array_slice($unhealthy, 0, self::MOST_JAILS)];
    }

    private static function send($kind, array $params)
    {
        $params = array_map(function ($value) {
            return mb_substr(preg_replace('/[\x00-\x1f\x7f]+/', ' ', (string) $value), 0, 500);
        }, $params);
        foreach ([$kind, $kind . '-panel'] as $id) {
            try {
                (new pm_Notification())->send($id, $params);
            } catch (pm_Exception $error) {
                pm_Log::err($error);
            }
        }
    }
}
