"""The sizes that tables may reach, and how often they were."""

from dataclasses import dataclass, field
from typing import Final

# One direction of a conversation takes some 350 bytes: this many stay below 50 MB together.
MAX_FLOWS: Final = 131_072
MAX_ENDPOINTS: Final = 32_768
MAX_PORTS: Final = 8_192
MAX_NAMES: Final = 20_000
MAX_DOMAINS: Final = 5_000
MAX_SERVERS: Final = 5_000
MAX_PATHS: Final = 20_000
MAX_MACS: Final = 8_192
MAX_MAC_PAIRS: Final = 32_768
MAX_ARP: Final = 4_096
MAX_PENDING: Final = 20_000
MAX_LOGINS: Final = 20_000
MAX_PROBES: Final = 200_000
# Callers and the calls of each: enough to see whether they come at regular times.
MAX_CALLERS: Final = 16_384
MAX_CALLS: Final = 500
MAX_LABELS: Final = 128
MAX_SECRETS_LISTED: Final = 400


@dataclass(slots=True)
class Caps:
    """By name of the table, how many entries did not fit."""

    reached: dict[str, int] = field(default_factory=dict)

    def over(self, table: str, count: int = 1) -> None:
        self.reached[table] = self.reached.get(table, 0) + count
