<?php
// Where the pages stand in the panel's path bar: below the entry, one beside the other.

class Modules_Bailiff_Navigation extends pm_Hook_Navigation
{
    public function getNavigation()
    {
        $pages = [];
        foreach (Modules_Bailiff_Pages::all() as $action => $key) {
            $pages[] = ['controller' => 'ui', 'action' => $action, 'label' => pm_Locale::lmsg($key)];
        }
        return [
            ['controller' => 'index', 'action' => 'index', 'label' => pm_Locale::lmsg('button'), 'pages' => $pages],
        ];
    }
}
