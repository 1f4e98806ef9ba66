<?php
// What the sidecar answered: status, headers, body.

class Modules_Bailiff_Answer
{
    public $status = 0;
    public $body = '';
    /** Whether the body went to the reader already. */
    public $streamed = false;
    private $headers = [];

    /** Takes one line of the head, as curl hands it over. */
    public function takeHeader($line)
    {
        if (preg_match('~^HTTP/\S+ (\d{3})~', $line, $match)) {
            $this->status = (int) $match[1];
            $this->headers = [];
        } elseif (strpos($line, ':') !== false) {
            list($name, $value) = explode(':', $line, 2);
            $this->headers[strtolower(trim($name))] = trim($value);
        }
    }

    /** @return string '' when it was not sent */
    public function header($name)
    {
        return isset($this->headers[strtolower($name)]) ? $this->headers[strtolower($name)] : '';
    }

    /** What the panel shows around the page: title, tabs, breadcrumbs. */
    public function frame()
    {
        $frame = json_decode((string) base64_decode($this->header('X-Bailiff-Frame'), true), true);
        return is_array($frame) ? $frame : ['title' => '', 'tabs' => [], 'breadcrumbs' => []];
    }
}
