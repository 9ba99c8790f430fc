"""Which addresses an issuer of Open Badges 2.0 speaks for (§4.4, startsWith and allowedOrigins)."""

from urllib.parse import unquote, urlsplit

from badges.openbadges.v2.documents import Profile


def host_of(address: str) -> str | None:
    """Host and port of a plain https address, else None.

    What two readers could take for two places (user names, dot segments, backslashes, spaces) is no address.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        return None
    if any(character.isspace() or character == "\\" or not character.isprintable() for character in address):
        return None
    if any(unquote(segment) in (".", "..") for segment in parts.path.split("/")):
        return None
    return host if port in (None, 443) else f"{host}:{port}"


def speaks_for(profile: Profile, assertion: str) -> bool:
    """Whether a hosted assertion at this address is the issuer's own word.

    Without a rule of its own an issuer speaks for its own host alone.
    """
    host, own = host_of(assertion), host_of(profile.id)
    if host is None or own is None:
        return False
    starts, origins = profile.starts, profile.origins
    if not starts and not origins:
        return host == own
    if starts and not any(_starts(assertion, start) for start in starts):
        return False
    return not origins or host in {_named(origin) for origin in origins}


def _starts(address: str, start: str) -> bool:
    """A prefix counts within one host only: `https://lille.example` is none of `https://lille.example.org`."""
    return host_of(start) is not None and host_of(start) == host_of(address) and address.startswith(start)


def _named(origin: str) -> str | None:
    """Issuers write a host, or the whole origin."""
    return host_of(origin if "://" in origin else f"https://{origin}")
