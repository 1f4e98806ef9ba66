<?php
// Engine and pages in Services Management, with start, stop and restart.

class Modules_Bailiff_SystemServices extends pm_Hook_SystemServices
{
    public function getServices()
    {
        return [
            new Modules_Bailiff_Service('engine', 'serviceEngine'),
            new Modules_Bailiff_Service('web', 'serviceWeb'),
        ];
    }
}
