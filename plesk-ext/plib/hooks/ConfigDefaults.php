<?php
// What can be set in panel.ini, section [ext-bailiff].

class Modules_Bailiff_ConfigDefaults extends pm_Hook_ConfigDefaults
{
    public function getDefaults()
    {
        return [
            'actionLog' => true,
            'notifications' => true,
            'keepConfiguration' => true,
        ];
    }
}
