"""Notice the secrets of a text that is in two encodings: one reading of it shows only half of them."""

from assessments.analysers.recognition.decoding import Decoded
from assessments.analysers.secrets.finding import lines_of, survey


def holds_more(data: bytes, decoded: Decoded) -> bool:
    """Whether what was read as UTF-16 or UTF-32 holds more secrets in plain letters.

    A console appends in its own encoding to what another program began; read as UTF-16 that is Chinese.
    """
    if not decoded.encoding.startswith(("utf-16", "utf-32")):
        return False
    plain = data.replace(b"\0", b"").decode("latin-1")
    return _count(plain) > _count(decoded.text)


def _count(text: str) -> int:
    return survey(lines_of(text), "", most=0).left_out
