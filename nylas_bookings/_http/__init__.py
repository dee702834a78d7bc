"""HTTP through aiohttp: exchanges, the connections for them, and what becomes of lost ones."""

from .exchange import Http as Http
