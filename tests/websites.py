"""A website of a test's own on this machine: TLS with a certificate of its name, and an answer a path."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NAME = "badges.mons.example"
Answer = bytes | Callable[[ssl.SSLSocket], None]


@dataclass
class Website:
    """``answers`` by path; ``asked`` are the heads of the requests, as they came."""

    port: int
    certificate: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.asked]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def website(folder: Path, name: str = NAME) -> Iterator[Website]:
    """Answers until the end of the block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate, key = _certificate(folder, name)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = Website(listening.getsockname()[1], certificate)
        threading.Thread(target=_serve, args=(listening, context, site), daemon=True).start()
        yield site


def _serve(listening: socket.socket, context: ssl.SSLContext, site: Website) -> None:
    with suppress(OSError):
        while True:
            line, _address = listening.accept()
            threading.Thread(target=_speak, args=(line, context, site), daemon=True).start()


def _speak(line: socket.socket, context: ssl.SSLContext, site: Website) -> None:
    with suppress(OSError, ssl.SSLError), context.wrap_socket(line, server_side=True) as spoken:
        head = b""
        while b"\r\n\r\n" not in head:
            head += spoken.recv(4096)
        site.asked.append(head.decode())
        found = site.answers.get(head.decode().split(" ")[1], answer(status="404 Not Found"))
        if callable(found):
            found(spoken)
        else:
            spoken.sendall(found)


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths
