"""Compares the codec with the official vectors."""

import json
from collections.abc import Iterator
from pathlib import Path

from .codec import (
    DRAFTS,
    ERIS,
    CorruptBlock,
    Decoder,
    Dialect,
    Encoder,
    ErisError,
    MalformedTree,
    MissingBlock,
    WrongKey,
    first_error,
    unbase32,
)
from .forms import Json, blocks_of, capability_fields

OFFICIAL_ERRORS: dict[type[ErisError], set[int]] = {
    MissingBlock: {13, 15},
    CorruptBlock: {14, 16, 20, 21},
    WrongKey: {17, 18},
    MalformedTree: {19, 22, 23, 24},
}

OFFICIAL_STATES = {
    "0.2.0": DRAFTS["0.2.0"],
    "0.3.0": DRAFTS["0.3.0"],
    "0.4.0-dev, January 2022": DRAFTS["0.4.0-dev a"],
    "0.4.0-dev, May 2022": DRAFTS["0.4.0-dev b"],
    "0.4.0": DRAFTS["0.4.0"],
    "1.0.0": ERIS,
}


def disagreements(directory: Path) -> Iterator[str]:
    """Where codec.py disagrees with the official vectors; tells what was compared on the way."""
    vectors = [json.loads(path.read_text()) for path in sorted(directory.glob("eris-test-vector-*.json"))]
    by_id = {vector["id"]: vector for vector in vectors}
    if by_id.keys() != set(range(25)):
        yield f"{directory} doesn't hold the vectors 0 to 24"
        return
    for vector in vectors:
        if not (agrees_positive if vector["type"] == "positive" else agrees_negative)(vector):
            yield f"vector {vector['id']}: {vector['name']}"
    print(f"compared {len(vectors)} vectors of 1.0.0")

    table = json.loads((directory / "drafts" / "urns.json").read_text())
    for row in table:
        vector = by_id[row["id"]]
        for state, dialect in OFFICIAL_STATES.items():
            encoder = Encoder(vector["block-size"], unbase32(vector["convergence-secret"]), dialect)
            content = unbase32(vector["content"])
            capability = encoder.encode(content)
            decoded = b"".join(Decoder(dialect.parse(row[state]), encoder.blocks, dialect).read())
            if dialect.urn(capability) != row[state] or decoded != content:
                yield f"vector {row['id']} in {state}"
    print(f"compared {len(table)} contents in {len(OFFICIAL_STATES)} states of the specification")

    old = [json.loads(path.read_text()) for path in sorted((directory / "drafts" / "v0.2.0").glob("*.json"))]
    for vector in old:
        if not agrees_positive(vector, DRAFTS["0.2.0"]):
            yield f"vector {vector['id']} of 0.2.0"
    print(f"compared {len(old)} vectors of 0.2.0")


def agrees_positive(vector: Json, dialect: Dialect = ERIS) -> bool:
    """Encodes to the URN and the blocks, and decodes from these."""
    encoder = Encoder(vector["block-size"], unbase32(vector["convergence-secret"]), dialect)
    content = unbase32(vector["content"])
    capability = encoder.encode(content)
    blocks = blocks_of(vector)
    decoded = b"".join(Decoder(dialect.parse(vector["urn"]), blocks, dialect).read())
    return (
        dialect.urn(capability) == vector["urn"]
        and capability_fields(capability) == vector["read-capability"]
        and encoder.blocks == blocks
        and decoded == content
    )


def agrees_negative(vector: Json) -> bool:
    """Fails with the right class of error."""
    blocks = blocks_of(vector)
    capability = ERIS.parse(vector["urn"])
    error = first_error(capability, blocks)
    return (
        capability_fields(capability) == vector["read-capability"]
        and error is not None
        and vector["id"] in OFFICIAL_ERRORS[error[0]]
    )
