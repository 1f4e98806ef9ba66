<?php
// Reaches the sidecar on its UNIX socket.

class Modules_Bailiff_Sidecar
{
    const SOCKET = '/run/bailiff/web.sock';
    const CONNECT_SECONDS = 2;

    private $socket;

    public function __construct($socket = self::SOCKET)
    {
        $this->socket = $socket;
    }

    /** Whether somebody accepts connections on the socket. */
    public function answers()
    {
        $connection = @stream_socket_client('unix://' . $this->socket, $code, $message, self::CONNECT_SECONDS);
        if ($connection === false) {
            return false;
        }
        fclose($connection);
        return true;
    }
}
