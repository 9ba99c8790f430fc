"""A mail server for tests: it speaks as much SMTP as a client needs, and keeps what it took."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """``before_reply`` is called when a message has come in whole and before the client hears so."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[EmailMessage] = []
        self.before_reply: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"QUIT":
                self._say("221 bye")
                return
            if command == b"DATA":
                self._say("354 go on")
                self._take()
            self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.server.before_reply()

    def _say(self, text: str) -> None:
        with suppress(ConnectionError):  # the client was killed
            self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def listening() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
