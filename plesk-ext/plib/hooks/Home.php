<?php
// The block on the administrator's home page.

return new class () extends \Plesk\SDK\Hook\Home {
    public function getBlocks(): array
    {
        pm_Context::init('bailiff');
        return Modules_Bailiff_Access::isAdmin() ? [new Modules_Bailiff_HomeBlock()] : [];
    }
};
