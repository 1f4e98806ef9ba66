<?php
// Starts the sidecar when it is down. Administrators only; by POST only, so with the panel's forgery token.

class ServiceController extends pm_Controller_Action
{
    protected $_accessLevel = 'admin';

    public function init()
    {
        parent::init();
        Modules_Bailiff_Access::requireAdmin();
    }

    public function startAction()
    {
        if (!$this->getRequest()->isPost()) {
            throw new pm_Exception($this->lmsg('notFound'));
        }
        $result = Modules_Bailiff_Ctl::run(['start', 'web']);
        if ($result['code'] === 0) {
            $this->_status->addInfo($this->lmsg('started'));
        } else {
            $this->_status->addError($this->lmsg('startFailed', ['reason' => Modules_Bailiff_Ctl::reason($result)]));
        }
        $this->_helper->viewRenderer->setNoRender(true);
        $this->getResponse()->setRedirect(pm_Context::getActionUrl('ui'), 303);
    }
}
