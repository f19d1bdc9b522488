"""Special vectors: more content than anybody can hold, in a few blocks."""

from collections.abc import Iterator

from .codec import ERIS, LARGE, NULL_SECRET, SMALL, Capability, Decoder, Encoder, base32
from .forms import Json, capability_fields, summary_fields


def special(name: str, description: str, block_size: int, child_counts: list[int], size: int) -> Json:
    """A tree of equal leaves, that a test builds from the number of children at each level."""
    encoder = Encoder(block_size)
    root = encoder.leaf(bytes(block_size - 1) + b"\x80")
    for level, count in enumerate(child_counts, start=1):
        root = encoder.internal(level, [root] * count)
    capability = Capability(block_size, len(child_counts), root)
    if Decoder(capability, encoder.blocks).size != size:
        raise AssertionError(f"{name} does not have {size} bytes")
    return {
        "name": name,
        "description": description,
        "type": "special",
        "block-size": block_size,
        "convergence-secret": base32(NULL_SECRET),
        "leaf-byte": 0,
        "child-counts": child_counts,
        "size": str(size),
        "read-capability": capability_fields(capability),
        "urn": ERIS.urn(capability),
        **summary_fields(encoder.blocks),
    }


def specials() -> Iterator[Json]:
    """All special vectors."""
    yield special(
        "bomb",
        "2^60 - 1 bytes in six blocks: 2^45 equal leaves of 32,767 zeros and 0x80, the padding of the last "
        "among them, under five levels of full nodes. A canonical tree: just what an encoder makes of that content.",
        LARGE,
        [512] * 5,
        2**60 - 1,
    )
    yield special(
        "largest-1kib",
        "2^63 - 1 bytes, the largest size there is: level 14 over 2^53 equal leaves.",
        SMALL,
        [16] * 13 + [2],
        2**63 - 1,
    )
    yield special(
        "largest-32kib",
        "2^63 - 1 bytes, the largest size there is: level 6 over 2^48 equal leaves.",
        LARGE,
        [512] * 5 + [8],
        2**63 - 1,
    )
