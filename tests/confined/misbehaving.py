"""What a reader might be talked into by the bytes it reads; each runs in the child and is stopped there."""

import json
import logging
import os
import socket
import subprocess
import sys
import time
import warnings

from workbench.confined import Refused


def echo(content, out, arguments):
    out.write(json.dumps(arguments).encode() + b"|" + content.read())


def connect(content, out, arguments):
    socket.create_connection(("127.0.0.1", arguments["port"]), timeout=2)


def connect_by_system_call(content, out, arguments):
    """Past the interpreter's hook, as injected machine code would: only the kernel can refuse this one."""
    ctypes = sys.modules["ctypes"]
    libc = ctypes.CDLL(None)
    handle = libc.socket(2, 1, 0)
    address = b"\x02\x00" + arguments["port"].to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    out.write(str(libc.connect(handle, address, len(address))).encode())


def resolve(content, out, arguments):
    socket.getaddrinfo("example.org", 443)


def start_a_program(content, out, arguments):
    subprocess.run(["/bin/true"], check=True)


def start_a_shell(content, out, arguments):
    os.system("true")


def fork(content, out, arguments):
    os.fork()


def write_a_file(content, out, arguments):
    with open(arguments["path"], "w") as file:
        file.write("x")


def remove_a_file(content, out, arguments):
    os.remove(arguments["path"])


def eat_memory(content, out, arguments):
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def think_for_ever(content, out, arguments):
    while True:
        pass


def sleep(content, out, arguments):
    time.sleep(60)


def write_for_ever(content, out, arguments):
    while True:
        out.write(b"x" * 1024 * 1024)


def stumble(content, out, arguments):
    raise ValueError(f"the password is {content.read().decode()}")


def complain(content, out, arguments):
    words = content.read().decode()
    logging.getLogger("library").error(words)
    warnings.warn(words, stacklevel=1)
    os.write(2, words.encode())
    if arguments["refusing"]:
        raise Refused("dtd-refused")
    os.abort()


def refuse(content, out, arguments):
    raise Refused("dtd-refused")


def look_around(content, out, arguments):
    out.write(json.dumps(sorted(os.environ)).encode())
