"""Takes out of the vendor's OpenAPI document what its answers look like, and nothing of its prose.

    python tools/extract_contract.py nylas-scheduler.json

writes `tests/sandbox/contract/vendor_schemas.json`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).parent.parent / "tests/sandbox/contract/vendor_schemas.json"
_PROSE: Final = {"description", "example", "examples", "title", "summary", "externalDocs"}
_METHODS: Final = {"get", "post", "put", "patch", "delete"}
_REFERENCE: Final = re.compile(r'"#/components/(responses|schemas)/([^"]+)"')


def structure(value: Any, *, names: bool = False) -> Any:
    """The same schema without prose; what is called `title` may be a property as well."""
    if isinstance(value, list):
        return [structure(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: structure(item, names=key == "properties" and not names)
        for key, item in value.items()
        if names or not (key in _PROSE or key.startswith("x-"))
    }


def answers(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By method and path, and by status, the schema of the body or where it is."""
    return {
        f"{method.upper()} {path}": {
            status: response if "$ref" in response else schema_of(response)
            for status, response in operation["responses"].items()
        }
        for path, operations in sorted(contract["paths"].items())
        for method, operation in sorted(operations.items())
        if method in _METHODS
    }


def schema_of(response: dict[str, Any]) -> Any:
    """The schema of a body."""
    return structure(response["content"]["application/json"]["schema"])


def referred_to(contract: dict[str, Any], schema: Any) -> dict[str, dict[str, Any]]:
    """What a schema refers to, and what that refers to."""
    found: dict[str, dict[str, Any]] = {"responses": {}, "schemas": {}}
    waiting = set(_REFERENCE.findall(json.dumps(schema)))
    while waiting:
        kind, name = waiting.pop()
        whole = contract["components"][kind][name]
        found[kind][name] = schema_of(whole) if kind == "responses" else structure(whole)
        new = set(_REFERENCE.findall(json.dumps(found[kind][name])))
        waiting |= {(kind, name) for kind, name in new if name not in found[kind]}
    return {kind: dict(sorted(named.items())) for kind, named in found.items()}


def extract(contract: dict[str, Any]) -> dict[str, Any]:
    """The answers of the contract, complete in themselves."""
    told = answers(contract)
    return {"answers": told, "components": referred_to(contract, told)}


if __name__ == "__main__":
    extracted = extract(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    TARGET.write_text(json.dumps(extracted, indent=1) + "\n", encoding="utf-8")
