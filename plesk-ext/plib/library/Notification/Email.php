<?php
// One kind of news as a mail to the administrator; the placeholders are filled in when it is sent.

class Modules_Bailiff_Notification_Email extends pm_Notifications_EmailNotification
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

    public function sendToAdmin()
    {
        return $this->kind !== 'permanent';
    }

    public function sendToReseller()
    {
        return false;
    }

    public function sendToCustomer()
    {
        return false;
    }
}
