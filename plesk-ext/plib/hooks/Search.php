<?php
// The pages in the panel's search.

class Modules_Bailiff_Search extends pm_Hook_Search
{
    public function getIndex()
    {
        $index = [];
        foreach (Modules_Bailiff_Pages::all() as $action => $title) {
            $words = 'search' . ucfirst($action === 'index' ? 'overview' : $action);
            $index[] = new Modules_Bailiff_SearchPage(['action' => $action, 'title' => $title, 'words' => pm_Locale::keyExists($words) ? $words : $title]);
        }
        return $index;
    }
}
