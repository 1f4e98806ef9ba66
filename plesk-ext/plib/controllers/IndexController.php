<?php
// The entry of the extension leads to the pages. Administrators only.

class IndexController extends pm_Controller_Action
{
    protected $_accessLevel = 'admin';

    public function init()
    {
        parent::init();
        Modules_Bailiff_Access::requireAdmin();
    }

    public function indexAction()
    {
        $this->_forward('index', 'ui');
    }
}
