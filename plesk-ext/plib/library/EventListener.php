<?php
// Tells the sidecar when domains come, go or are renamed, so that their logs are watched at once.

class Modules_Bailiff_EventListener implements EventListener
{
    const SECONDS = 3;

    public function filterActions()
    {
        return [
            'domain_create', 'domain_update', 'domain_delete',
            'site_create', 'site_update', 'site_delete',
            'subdomain_create', 'subdomain_update', 'subdomain_delete',
            'phys_hosting_create', 'phys_hosting_update', 'phys_hosting_delete',
        ];
    }

    /** Never throws: a domain is made whether or not its logs are watched. */
    public function handleEvent($objectType, $objectId, $action, $oldValue, $newValue)
    {
        if (!in_array($action, $this->filterActions(), true)) {
            return;
        }
        try {
            pm_Context::init('bailiff');
            (new Modules_Bailiff_Sidecar())->request('POST', '/panel/logs', '', ['seconds' => self::SECONDS]);
        } catch (Exception $error) {
            pm_Log::warn('Bailiff could not be told of ' . $action . ': ' . $error->getMessage());
        }
    }
}

return new Modules_Bailiff_EventListener();
