<?php
// The entry of the extension: says whether the sidecar answers on its socket. Administrators only.

class IndexController extends pm_Controller_Action
{
    protected $_accessLevel = 'admin';

    public function init()
    {
        parent::init();
        if (!pm_Session::isExist() || pm_Session::isImpersonated() || !pm_Session::getClient()->isAdmin()) {
            throw new pm_Exception($this->lmsg('adminOnly'));
        }
    }

    public function indexAction()
    {
        $this->view->pageTitle = $this->lmsg('title');
        $this->view->answers = (new Modules_Bailiff_Sidecar())->answers();
    }
}
