<?php
// One of our pages as an item of the panel's search; only the administrator finds it.

class Modules_Bailiff_SearchPage extends pm_SearchIndex
{
    public function getIndexedFields()
    {
        $data = $this->getData();
        return [
            ['name' => 'title', 'content' => pm_Locale::lmsg($data['title']), 'boost' => 1.0],
            ['name' => 'words', 'content' => pm_Locale::lmsg($data['words']), 'boost' => 0.5],
        ];
    }

    public function getTitle()
    {
        return pm_Locale::lmsg('title') . ': ' . pm_Locale::lmsg($this->getData()['title']);
    }

    public function getDescription()
    {
        return pm_Locale::lmsg($this->getData()['words']);
    }

    public function getIcon()
    {
        return pm_Context::getBaseUrl() . 'images/bailiff.svg';
    }

    public function getLink()
    {
        return pm_Context::getActionUrl('ui', $this->getData()['action']);
    }

    public function isVisible()
    {
        return Modules_Bailiff_Access::isAdmin();
    }
}
