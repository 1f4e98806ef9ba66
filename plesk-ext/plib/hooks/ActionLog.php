<?php
// The kinds of change that Plesk's action log knows of us.

class Modules_Bailiff_ActionLog extends pm_Hook_ActionLog
{
    public function getEvents()
    {
        $events = [];
        foreach (Modules_Bailiff_Audit::EVENTS as $event => $key) {
            $events[$event] = pm_Locale::lmsg($key);
        }
        return $events;
    }
}
