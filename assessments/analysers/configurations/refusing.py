"""Refuse a configuration that must not be read any further."""


class RefusedContent(ValueError):
    """The content asks its reader for something dangerous; `code` says what (``dtd-refused``)."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
