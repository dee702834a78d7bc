"""Deliveries to a webhook: genuine or not, read into classes, and received in the usual frameworks.

```python
def endpoint(method, query, headers, raw_body):
    if (answer := webhooks.challenge(query)) is not None:
        return 200, answer
    notification = webhooks.receive(raw_body, headers, secret=WEBHOOK_SECRET)
```

The modules `starlette` (for FastAPI too), `aiohttp`, `flask` and `django` of this package each have
a `receiver` that does this for their framework. Import the one that you need.
"""

from __future__ import annotations

from .deliveries import SIGNATURE_HEADER, SIZE_LIMIT, challenge, parse, receive, sign, verify

__all__ = ["SIGNATURE_HEADER", "SIZE_LIMIT", "challenge", "parse", "receive", "sign", "verify"]
