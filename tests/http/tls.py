"""A certificate for the servers of these tests, and clients that trust it."""

from __future__ import annotations

import functools
import ssl

import trustme


@functools.cache
def _authority() -> trustme.CA:
    return trustme.CA()


def server_context(*names: str) -> ssl.SSLContext:
    """The server's side: a certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(*(names or ("127.0.0.1",))).configure_cert(context)
    return context


def client_context() -> ssl.SSLContext:
    """The client's side: it trusts the certificates of `server_context`."""
    context = ssl.create_default_context()
    _authority().configure_trust(context)
    return context
