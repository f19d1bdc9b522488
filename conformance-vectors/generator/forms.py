"""The JSON forms that all vectors share."""

from typing import Any, NamedTuple

from .codec import Blocks, Capability, base32, blake2b, chacha20, digest, unbase32

Json = dict[str, Any]

LARGEST_INLINE_BLOCKS = 16 * 1024  # bytes of all blocks; more are stood for by their digest
LARGEST_INLINE_STREAM = 2 * 1024  # bytes of content; more are stood for by the name

SECRET_A = blake2b(b"convergence secret A")


class Content(NamedTuple):
    """Content, with its name if it is a key stream."""

    data: bytes
    name: str | None = None


def stream(name: str, size: int) -> Content:
    """The ChaCha20 key stream that belongs to a name."""
    return Content(chacha20(bytes(size), blake2b(name.encode()), bytes(12)), name)


def plain_stream(size: int) -> Content:
    """The key stream named for its size."""
    return stream(f"{size} bytes", size)


def content_fields(content: Content) -> Json:
    """Content in full where it is short or has no name."""
    if content.name is None or len(content.data) <= LARGEST_INLINE_STREAM:
        return {"content": base32(content.data)}
    return {"content-name": content.name, "content-size": len(content.data)}


def capability_fields(capability: Capability) -> Json:
    """A read capability in the form of the official vectors."""
    return {
        "block-size": capability.block_size,
        "level": capability.level,
        "root-reference": base32(capability.root.reference),
        "root-key": base32(capability.root.key),
    }


def inline_blocks(blocks: Blocks) -> Json:
    """Blocks in full, in the order in which the encoder gave them."""
    return {base32(reference): base32(block) for reference, block in blocks.items()}


def blocks_of(vector: Json) -> Blocks:
    """The inverse of `inline_blocks`, for a whole vector."""
    return {unbase32(reference): unbase32(block) for reference, block in vector["blocks"].items()}


def summary_fields(blocks: Blocks) -> Json:
    """What stands for many blocks."""
    return {"block-count": len(blocks), "blocks-digest": base32(digest(blocks))}


def are_few(blocks: Blocks) -> bool:
    """Whether blocks are written in full."""
    return sum(map(len, blocks.values())) <= LARGEST_INLINE_BLOCKS


def kib(block_size: int) -> str:
    """A block size as it stands in the names of vectors."""
    return f"{block_size // 1024}kib"
