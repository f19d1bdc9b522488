"""Positive vectors: content, and what encoding must make of it."""

from collections.abc import Iterator

from .codec import ERIS, LARGE, NULL_SECRET, SMALL, Decoder, Encoder, base32, blake2b, pad
from .forms import (
    SECRET_A,
    Content,
    Json,
    are_few,
    capability_fields,
    content_fields,
    inline_blocks,
    kib,
    plain_stream,
    summary_fields,
)

SECRET_A_ONE_BIT_OFF = bytes([SECRET_A[0] ^ 1]) + SECRET_A[1:]
SECRET_B = blake2b(b"convergence secret B")


def positive(
    name: str, description: str, content: Content, block_size: int, secret: bytes = NULL_SECRET
) -> Json:
    """Content and what encoding must make of it."""
    encoder = Encoder(block_size, secret)
    capability = encoder.encode(content.data)
    blocks = encoder.blocks
    if b"".join(Decoder(capability, blocks).read()) != content.data:
        raise AssertionError(f"{name} does not decode to its content")
    return {
        "name": name,
        "description": description,
        "type": "positive",
        "block-size": block_size,
        "convergence-secret": base32(secret),
        **content_fields(content),
        "read-capability": capability_fields(capability),
        "urn": ERIS.urn(capability),
        **({"blocks": inline_blocks(blocks)} if are_few(blocks) else summary_fields(blocks)),
    }


def positives() -> Iterator[Json]:
    """All positive vectors."""
    yield from empty_contents()
    yield from lengths()
    yield from contents_like_padding()
    yield from secrets()
    yield from repeats()


def empty_contents() -> Iterator[Json]:
    """No bytes at all: a leaf of padding."""
    for block_size in (SMALL, LARGE):
        for name, words, secret in (
            ("", "", NULL_SECRET),
            ("secret-", ", with a secret", SECRET_A),
        ):
            yield positive(
                f"empty-{name}{kib(block_size)}",
                f"No content{words}: one leaf of padding.",
                Content(b""),
                block_size,
                secret,
            )


def lengths() -> Iterator[Json]:
    """One byte less, just as much and one byte more than the least content of a level."""
    for block_size, size, description in (
        (SMALL, 1, "One byte."),
        (SMALL, 2, "Two bytes."),
        *around(SMALL, 1_024, level=1),
        *around(SMALL, 16_384, level=2),
        *around(SMALL, 262_144, level=3),
        (LARGE, 1, "One byte."),
        (LARGE, 2, "Two bytes."),
        *around(LARGE, 32_768, level=1),
        *around(LARGE, 16_777_216, level=2),
    ):
        name = f"length-{size}-{kib(block_size)}"
        yield positive(name, description, plain_stream(size), block_size)


def around(block_size: int, size: int, level: int) -> Iterator[tuple[int, int, str]]:
    """The sizes around the least size of a level."""
    yield block_size, size - 1, f"The most content of level {level - 1}."
    yield block_size, size, f"The least content of level {level}."
    yield block_size, size + 1, f"One byte more than the least content of level {level}."


def contents_like_padding() -> Iterator[Json]:
    """Content that a careless decoder takes for padding."""
    text = b"content that ends like padding"
    cases = [
        ("ends-in-80", "Ends in 0x80.", text + b"\x80"),
        ("ends-in-80-00", "Ends in 0x80 0x00 0x00.", text + b"\x80\0\0"),
        (
            "ends-in-80-00-fills-leaf",
            "Ends in 0x80 0x00 and leaves one byte for padding.",
            text.ljust(1021, b".") + b"\x80\0",
        ),
        (
            "ends-in-80-before-last-leaf",
            "Just one block that ends in 0x80: the last leaf is only padding.",
            text.ljust(1023, b".") + b"\x80",
        ),
        (
            "padding-leaf-in-the-middle",
            "The second of three leaves is 0x80, then zeros, as a padding leaf is.",
            text.ljust(1024, b".") + pad(b"", 1024) + text,
        ),
        ("only-80", "The one byte 0x80.", b"\x80"),
        ("only-80-00", "The two bytes 0x80 0x00.", b"\x80\0"),
        ("only-00", "The one byte 0x00.", b"\0"),
        (
            "padding-fills-block",
            "Just one block of 0x80, then zeros: two equal leaves.",
            pad(b"", 1024),
        ),
        ("zeros-1023", "1,023 zeros.", bytes(1023)),
        ("zeros-1024", "1,024 zeros, just one block.", bytes(1024)),
        ("zeros-2500", "2,500 zeros.", bytes(2500)),
        ("all-80-1023", "1,023 times 0x80.", b"\x80" * 1023),
        ("all-80-1024", "1,024 times 0x80, just one block.", b"\x80" * 1024),
        ("all-80-2500", "2,500 times 0x80.", b"\x80" * 2500),
    ]
    for name, description, data in cases:
        yield positive(f"like-padding-{name}-1kib", description, Content(data), SMALL)
    yield positive("like-padding-ends-in-80-00-32kib", "Ends in 0x80 0x00.", Content(text + b"\x80\0"), LARGE)


def secrets() -> Iterator[Json]:
    """Secrets over several levels, and one content with several secrets."""
    numbers = {1: "one-level", 2: "two-levels", 3: "three-levels", 4: "four-levels"}
    sizes = [
        (SMALL, 1, 5_000),
        (SMALL, 2, 20_000),
        (SMALL, 3, 300_000),
        (SMALL, 4, 4_200_000),
        (LARGE, 1, 100_000),
        (LARGE, 2, 17_000_000),
    ]
    for block_size, level, size in sizes:
        yield positive(
            f"secret-{numbers[level]}-{kib(block_size)}",
            f"Root at level {level}, with a convergence secret.",
            plain_stream(size),
            block_size,
            SECRET_A,
        )
    same = [
        ("null", "the null secret", NULL_SECRET),
        ("a", "secret A", SECRET_A),
        ("a-one-bit-off", "secret A but for one bit", SECRET_A_ONE_BIT_OFF),
        ("b", "secret B", SECRET_B),
        ("ff", "32 bytes of 0xff", b"\xff" * 32),
    ]
    for name, secret_words, secret in same:
        yield positive(
            f"same-content-secret-{name}-1kib",
            f"One content with several secrets: {secret_words}.",
            plain_stream(2000),
            SMALL,
            secret,
        )


def repeats() -> Iterator[Json]:
    """Content with fewer distinct blocks than blocks."""
    leaf = b"one leaf, again and again. ".ljust(1024, b"-")
    other = b"the other leaf. ".ljust(1024, b"=")
    node_of_leaves = b"".join(Encoder(SMALL).leaf(leaf)) * 16
    cases = [
        ("leaves", "Four equal leaves, then padding.", leaf * 4),
        (
            "alternating-leaves",
            "Two leaves in turn, eight in all, then padding.",
            (leaf + other) * 4,
        ),
        (
            "last-leaf-equals-the-others",
            "16 equal leaves with the padded one among them: two blocks in all.",
            (leaf[:1023] + b"\x80") * 15 + leaf[:1023],
        ),
        (
            "internal-nodes",
            "Two equal full internal nodes, then one on the right edge.",
            leaf * 32 + b"end",
        ),
        (
            "leaf-equals-internal-node",
            "The leaf after 16 equal ones holds the very bytes of their internal node: "
            "equal nodes at two levels, but another key and another block.",
            leaf * 16 + node_of_leaves,
        ),
    ]
    for name, description, data in cases:
        yield positive(f"repeated-{name}-1kib", description, Content(data), SMALL)
