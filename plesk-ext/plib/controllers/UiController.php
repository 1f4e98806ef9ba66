<?php
// Everything below /ui is the sidecar's: asks it for the page and puts it into the panel's frame. Administrators only.

class UiController extends pm_Controller_Action
{
    protected $_accessLevel = 'admin';

    public function init()
    {
        parent::init();
        Modules_Bailiff_Access::requireAdmin();
    }

    public function indexAction()
    {
        $this->pass();
    }

    /** The actions are the sidecar's pages; which ones there are, only the sidecar knows. */
    public function __call($method, $arguments)
    {
        if (substr($method, -6) !== 'Action') {
            throw new pm_Exception($this->lmsg('notFound'));
        }
        $this->pass();
    }

    private function pass()
    {
        $request = $this->getRequest();
        $method = $request->getMethod();
        $path = Modules_Bailiff_Path::below($request->getRequestUri());
        if ($path === null || ($method !== 'GET' && $method !== 'POST')) {
            $this->refuse(404, 'notFound');
            return;
        }
        $body = '';
        if ($method === 'POST') {
            $raw = (string) file_get_contents('php://input');
            if (!Modules_Bailiff_Form::isOurs($_SERVER)) {
                $this->refuse(415, 'wrongRequest');
                return;
            }
            if (Modules_Bailiff_Form::isTooLarge($raw)) {
                $this->refuse(413, 'tooLarge');
                return;
            }
            $body = Modules_Bailiff_Form::withoutToken($raw);
        }
        $live = $request->getHeader('X-Bailiff-Live') !== false;
        try {
            $answer = (new Modules_Bailiff_Sidecar())->request($method, $path, $body, [
                'user' => pm_Session::getClient()->getLogin(),
                'client' => $_SERVER['REMOTE_ADDR'],
                'live' => $live,
                'download' => [$this, 'beginDownload'],
            ]);
        } catch (Modules_Bailiff_SidecarDown $down) {
            $this->showDown($down, $live);
            return;
        }
        if ($method === 'POST') {
            Modules_Bailiff_Audit::relay();
        }
        $this->show($answer, $live);
    }

    /** Called when the head of an answer is there; a file goes to the reader as it comes. */
    public function beginDownload(Modules_Bailiff_Answer $answer)
    {
        $disposition = $answer->header('Content-Disposition');
        if ($answer->status !== 200 || $disposition === '') {
            return null;
        }
        $this->bare();
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        header('Content-Type: ' . $answer->header('Content-Type'));
        header('Content-Disposition: ' . $disposition);
        header('Cache-Control: no-store');
        header('X-Content-Type-Options: nosniff');
        return function ($piece) {
            echo $piece;
            flush();
        };
    }

    private function show(Modules_Bailiff_Answer $answer, $live)
    {
        if ($answer->streamed) {
            exit;
        }
        if ($answer->status === 303) {
            $url = Modules_Bailiff_Path::url($answer->header('Location'));
            $this->bare();
            $this->getResponse()->setRedirect($url === null ? pm_Context::getActionUrl('ui') : $url, 303);
            return;
        }
        $isPage = strpos($answer->header('Content-Type'), 'text/html') === 0;
        if ($live || !$isPage) {
            $this->bare();
            $response = $this->getResponse();
            $response->setHttpResponseCode($answer->status);
            $response->setHeader('Content-Type', $isPage ? 'text/html; charset=utf-8' : $answer->header('Content-Type'), true);
            $response->setHeader('Cache-Control', 'no-store', true);
            $response->setHeader('X-Content-Type-Options', 'nosniff', true);
            $response->setBody($answer->body);
            return;
        }
        $frame = $answer->frame();
        $this->getResponse()->setHttpResponseCode($answer->status);
        $this->view->pageTitle = $frame['title'];
        $this->view->tabs = array_map(function ($tab) {
            return ['title' => $tab['title'], 'link' => Modules_Bailiff_Path::url($tab['path']), 'active' => $tab['selected']];
        }, $frame['tabs']);
        $above = end($frame['breadcrumbs']);
        if ($above !== false) {
            $this->view->uplevelLink = Modules_Bailiff_Path::url($above['path']);
        }
        $this->view->page = $answer->body;
        $this->paint('page');
    }

    private function showDown(Modules_Bailiff_SidecarDown $down, $live)
    {
        $this->getResponse()->setHttpResponseCode(503);
        if ($live) {
            $this->bare();
            return;
        }
        $journal = Modules_Bailiff_Ctl::run(['journal', 'web']);
        $this->view->pageTitle = $this->lmsg('down');
        $this->view->reason = $down->getMessage();
        $this->view->journal = $journal['code'] === 0 ? trim($journal['stdout']) : '';
        $this->paint('down');
    }

    private function refuse($status, $key)
    {
        $this->getResponse()->setHttpResponseCode($status);
        $this->view->pageTitle = $this->lmsg('title');
        $this->view->message = $this->lmsg($key);
        $this->paint('refused');
    }

    private function paint($script)
    {
        $this->view->assets = pm_Context::getBaseUrl();
        $this->renderScript('ui/' . $script . '.phtml');
    }

    private function bare()
    {
        $this->_helper->layout->disableLayout();
        $this->_helper->viewRenderer->setNoRender(true);
    }
}
