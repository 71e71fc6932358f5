"""Lists of hosts as settings hold them: names, ``*.`` before a name for all below it, addresses and networks."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAME = re.compile(r"(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")


@dataclass(frozen=True, slots=True)
class HostList:
    """Names in lower case without a dot at the end, and networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def has_name(self, host: str) -> bool:
        """Whether a name, in lower case, is listed or below one that is listed with ``*.``."""
        parts = host.split(".")
        return host in self.names or any("*." + ".".join(parts[cut:]) in self.names for cut in range(1, len(parts)))

    def has_address(self, address: Address) -> bool:
        """Whether an address is listed or in a network that is."""
        return any(address.version == one.version and address in one for one in self.networks)

    def has(self, host: str) -> bool:
        """Whether a host is listed, name or address."""
        address = literal_address(host)
        return self.has_name(host) if address is None else self.has_address(address)

    def __bool__(self) -> bool:
        return bool(self.names or self.networks)


def read_hosts(text: str) -> HostList:
    """The list in a setting, parted by commas or blanks. Raises ValueError naming what is no host."""
    names: set[str] = set()
    networks: list[Network] = []
    for part in re.split(r"[\s,]+", text.strip().lower()):
        if not part:
            continue
        try:
            networks.append(ipaddress.ip_network(part.strip("[]"), strict=False))
        except ValueError:
            if not _NAME.fullmatch(part):
                message = f"{part!r} is neither a host name nor an address or network"
                raise ValueError(message) from None
            names.add(part.rstrip("."))
    return HostList(frozenset(names), tuple(networks))


def literal_address(host: str) -> Address | None:
    """The address that a host is, in any form that a resolver takes without asking (``127.1``, ``0x7f000001``); None
    for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except (OSError, ValueError):
        return None
