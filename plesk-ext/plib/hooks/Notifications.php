<?php
// What Plesk may tell the administrator of us, by mail and in the panel.

class Modules_Bailiff_Notifications extends pm_Hook_Notifications
{
    public function getNotifications()
    {
        $notifications = [];
        foreach (Modules_Bailiff_News::KINDS as $kind) {
            $notifications[$kind] = new Modules_Bailiff_Notification_Email($kind);
            $notifications[$kind . '-panel'] = new Modules_Bailiff_Notification_Panel($kind);
        }
        return $notifications;
    }
}
