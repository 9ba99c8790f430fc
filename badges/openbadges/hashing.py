"""The child's side of hashing a stranger's document; see `badges.canonicalising`."""

import io
import json
from typing import Any, BinaryIO

from badges.openbadges import contexts
from badges.openbadges.canonical import TooComplex
from badges.openbadges.processor import UnsafeDocument
from badges.openbadges.proof import hash_data
from workbench.confined import Refused

# What this needs later is loaded before anything is read: a confined child opens no more files.
for _url in contexts.BUNDLED:
    contexts.load(_url)

REASONS: dict[str, type[ValueError]] = {
    "unknown-context": contexts.UnknownContext,
    "unsafe": UnsafeDocument,
    "too-complex": TooComplex,
}


def hash_document(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write the 64 bytes that a proof signs of `{"document": …, "options": …}`, or refuse by code and text.

    Both were parsed strictly by the parent, which wrote them anew.
    """
    given = json.load(io.TextIOWrapper(content, "utf-8"))
    try:
        out.write(hash_data(given["document"], given["options"]))
    except contexts.UnknownContext as error:
        raise Refused(f"unknown-context {error.url}") from error
    except UnsafeDocument as error:
        raise Refused(f"unsafe {error}") from error
    except TooComplex as error:
        raise Refused(f"too-complex {error}") from error
