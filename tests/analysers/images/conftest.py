"""Pictures are read as in the confined child, which loads nothing that draws documents."""

from collections.abc import Iterator

import pytest
from PIL import ImageFile


@pytest.fixture(autouse=True)
def strict_pillow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """WeasyPrint tells Pillow to accept cut files, for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    yield
