<?php
// One of our two services as Plesk's Services Management sees it.

class Modules_Bailiff_Service extends pm_SystemService_Service
{
    private $id;
    private $key;

    /** @param string $id what bailiff-ctl calls it: engine or web */
    public function __construct($id, $key)
    {
        $this->id = $id;
        $this->key = $key;
    }

    public function getName()
    {
        return pm_Locale::lmsg($this->key);
    }

    public function getId()
    {
        return $this->id;
    }

    public function onStart()
    {
        Modules_Bailiff_Ctl::must(['start', $this->id]);
    }

    public function onStop()
    {
        Modules_Bailiff_Ctl::must(['stop', $this->id]);
    }

    public function onRestart()
    {
        Modules_Bailiff_Ctl::must(['restart', $this->id]);
    }

    public function isInstalled()
    {
        return $this->state() !== 'missing';
    }

    /** The engine is ours to run only where the administrator chose it; elsewhere the stock daemon runs. */
    public function isConfigured()
    {
        return in_array($this->state(), ['running', 'stopped'], true);
    }

    public function isRunning()
    {
        return $this->state() === 'running';
    }

    /** running, stopped, unused (the stock daemon is chosen) or missing */
    private function state()
    {
        $result = Modules_Bailiff_Ctl::run(['state', $this->id]);
        return $result['code'] === 0 ? trim($result['stdout']) : 'missing';
    }
}
