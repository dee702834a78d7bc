"""Makes aioresponses 0.7.9 work with aiohttp 3.14; delete it when a release of it does by itself.

It builds answers without the `stream_writer` that aiohttp now needs, and with a reader whose
protocol cannot pause, which breaks bodies above 128 KiB.
"""

from __future__ import annotations

import asyncio
from unittest import mock

import aiohttp
import aioresponses.core
from aiohttp.client_proto import ResponseHandler
from aiohttp.streams import StreamReader


class _Response(aiohttp.ClientResponse):
    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("stream_writer", mock.Mock(output_size=0))
        super().__init__(*args, **kwargs)


def _reader(loop: asyncio.AbstractEventLoop | None = None) -> StreamReader:
    loop = loop or asyncio.get_running_loop()
    protocol = ResponseHandler(loop=loop)
    protocol._parser = mock.Mock()
    return StreamReader(protocol, limit=2**16, loop=loop)


def install() -> None:
    """Replace the two names in aioresponses."""
    aioresponses.core.ClientResponse = _Response
    aioresponses.core.stream_reader_factory = _reader
