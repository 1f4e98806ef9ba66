<?php
// The buttons that lead to the pages: in Tools & Settings, in the left menu and in the Power User view, for the administrator alone.

class Modules_Bailiff_CustomButtons extends pm_Hook_CustomButtons
{
    public function getButtons()
    {
        if (!Modules_Bailiff_Access::isAdmin()) {
            return [];
        }
        $button = [
            'title' => pm_Locale::lmsg('button'),
            'description' => pm_Locale::lmsg('buttonDescription'),
            'icon' => pm_Context::getBaseUrl() . 'images/bailiff.svg',
            'link' => pm_Context::getActionUrl('index'),
            'newWindow' => false,
            'contextParams' => false,
            'visibility' => function () {
                return Modules_Bailiff_Access::isAdmin();
            },
        ];
        return [
            ['place' => self::PLACE_ADMIN_TOOLS_AND_SETTINGS, 'section' => self::SECTION_ADMIN_TOOLS_SECURITY] + $button,
            ['place' => self::PLACE_ADMIN_NAVIGATION, 'section' => self::SECTION_NAV_SERVER_MANAGEMENT] + $button,
            ['place' => self::PLACE_HOSTING_PANEL_NAVIGATION, 'section' => self::SECTION_NAV_ADDITIONAL] + $button,
        ];
    }
}
