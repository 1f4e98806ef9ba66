<?php
// Asks the sidecar on its UNIX socket, signing every request: the sidecar believes nobody else.

class Modules_Bailiff_Sidecar
{
    const SOCKET = '/run/bailiff/web.sock';
    const SECRET = '/etc/bailiff/secret';
    const CONNECT_SECONDS = 2;
    const ANSWER_SECONDS = 60;
    /** Bytes of an answer that is kept in memory; downloads are not. */
    const LONGEST_ANSWER = 33554432;
    /** What the sidecar is told when nobody looks at a page: a hook or a scheduled task asks. */
    const PANEL_USER = 'plesk';
    const PANEL_ADDRESS = '127.0.0.1';

    private $socket;
    private $secretFile;

    public function __construct($socket = self::SOCKET, $secretFile = self::SECRET)
    {
        $this->socket = $socket;
        $this->secretFile = $secretFile;
    }

    /**
     * @param string $method GET or POST
     * @param string $path with its query, below the sidecar's root
     * @param string $body an urlencoded form; '' for none
     * @param array $options user, client, language, live (bool), seconds, download (callable that is given an answer when its head came;
     *     returns what takes the body's pieces, or null when the body is wanted in the answer)
     * @return Modules_Bailiff_Answer
     * @throws Modules_Bailiff_SidecarDown when it cannot be asked
     */
    public function request($method, $path, $body = '', array $options = [])
    {
        $answer = new Modules_Bailiff_Answer();
        $sink = null;
        $begun = false;
        $handle = curl_init();
        curl_setopt_array($handle, [
            CURLOPT_UNIX_SOCKET_PATH => $this->socket,
            CURLOPT_URL => 'http://bailiff' . $path,
            CURLOPT_PATH_AS_IS => true,
            CURLOPT_PROXY => '',
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $this->headers($method, $path, $body, $options),
            CURLOPT_CONNECTTIMEOUT => self::CONNECT_SECONDS,
            CURLOPT_TIMEOUT => isset($options['seconds']) ? $options['seconds'] : self::ANSWER_SECONDS,
            CURLOPT_HEADERFUNCTION => function ($handle, $line) use ($answer) {
                $answer->takeHeader($line);
                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => function ($handle, $piece) use ($answer, $options, &$sink, &$begun) {
                if (!$begun) {
                    $begun = true;
                    $sink = isset($options['download']) ? call_user_func($options['download'], $answer) : null;
                }
                if ($sink !== null) {
                    call_user_func($sink, $piece);
                    return strlen($piece);
                }
                $answer->body .= $piece;
                return strlen($answer->body) > self::LONGEST_ANSWER ? 0 : strlen($piece);
            },
        ]);
        if ($method === 'POST') {
            curl_setopt($handle, CURLOPT_POSTFIELDS, $body);
        }
        $done = curl_exec($handle);
        $reason = curl_error($handle);
        unset($handle);
        if ($done === false) {
            throw new Modules_Bailiff_SidecarDown($reason);
        }
        $answer->streamed = $sink !== null;
        return $answer;
    }

    /**
     * Asks for data that is made for the panel's hooks.
     *
     * @return array|null null when there is none to be had
     */
    public function data($path, $seconds = 5)
    {
        try {
            $answer = $this->request('GET', $path, '', ['seconds' => $seconds]);
        } catch (Modules_Bailiff_SidecarDown $down) {
            return null;
        }
        $data = $answer->status === 200 ? json_decode($answer->body, true) : null;
        return is_array($data) ? $data : null;
    }

    private function headers($method, $path, $body, array $options)
    {
        $fields = [
            'method' => $method,
            'path' => $path,
            'body' => hash('sha256', $body),
            'user' => rawurlencode(isset($options['user']) ? $options['user'] : self::PANEL_USER),
            'client' => isset($options['client']) ? $options['client'] : self::PANEL_ADDRESS,
            'language' => isset($options['language']) ? $options['language'] : pm_Locale::getCode(),
            'time' => (string) time(),
            'nonce' => bin2hex(random_bytes(16)),
        ];
        $text = "bailiff-request-1\n" . implode("\n", $fields);
        $headers = [
            'X-Bailiff-Body: ' . $fields['body'],
            'X-Bailiff-User: ' . $fields['user'],
            'X-Bailiff-Client: ' . $fields['client'],
            'Accept-Language: ' . $fields['language'],
            'X-Bailiff-Time: ' . $fields['time'],
            'X-Bailiff-Nonce: ' . $fields['nonce'],
            'X-Bailiff-Signature: ' . hash_hmac('sha256', $text, $this->secret()),
            'Expect:',
        ];
        if ($method === 'POST') {
            $headers[] = 'Content-Type: application/x-www-form-urlencoded';
        }
        if (!empty($options['live'])) {
            $headers[] = 'X-Bailiff-Live: 1';
        }
        return $headers;
    }

    private function secret()
    {
        $secret = @file_get_contents($this->secretFile);
        if ($secret === false || trim($secret) === '') {
            throw new Modules_Bailiff_SidecarDown($this->secretFile . ' cannot be read');
        }
        return trim($secret);
    }
}
