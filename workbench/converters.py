"""The file forms in which a badge can be fetched, as a part of an address."""


class SuffixConverter:
    regex = "json|jwt|png|svg|pdf"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
