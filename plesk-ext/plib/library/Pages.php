<?php
// The pages that have a tab, as the panel's navigation and search name them: action and key of the title.

class Modules_Bailiff_Pages
{
    /** @return string[] */
    public static function all()
    {
        $pages = [];
        foreach (['overview', 'bans', 'jails', 'trusted', 'history', 'filters', 'tester', 'logs', 'settings'] as $name) {
            $key = 'tab' . ucfirst($name);
            if (pm_Locale::keyExists($key)) {
                $pages[$name === 'overview' ? 'index' : $name] = $key;
            }
        }
        return $pages;
    }
}
