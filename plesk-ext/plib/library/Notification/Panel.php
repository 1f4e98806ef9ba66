<?php
// One kind of news as a notice inside the panel.

class Modules_Bailiff_Notification_Panel extends pm_Notifications_PanelNotification
{
    private $kind;

    /** @param string $kind permanent, unhealthy or stopped */
    public function __construct($kind)
    {
        $this->kind = $kind;
    }

    public function getTitle()
    {
        return pm_Locale::lmsg($this->kind . 'Title');
    }

    public function getSubject()
    {
        return Modules_Bailiff_News::template($this->kind . 'Subject');
    }

    public function getMessage()
    {
        return Modules_Bailiff_News::template($this->kind . 'Message');
    }

    public function getActionText()
    {
        return pm_Locale::lmsg('notificationAction');
    }

    public function getActionUrl()
    {
        return pm_Context::getActionUrl('index');
    }

    public function openActionInNewTab()
    {
        return false;
    }

    public function getCategory()
    {
        return $this->kind === 'permanent' ? self::CATEGORY_INFORMATION : self::CATEGORY_WARNING;
    }

    public function getArea()
    {
        return self::AREA_SECURITY;
    }

    public function getContext()
    {
        return pm_Locale::lmsg('title');
    }

    public function getContextIcon()
    {
        return pm_Context::getBaseUrl() . 'images/bailiff.svg';
    }
}
