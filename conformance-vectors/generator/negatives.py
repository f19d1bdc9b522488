"""Negative vectors: a capability and a store, and how decoding must fail."""

from collections.abc import Callable, Iterator

from .capabilities import refusal
from .codec import (
    DRAFTS,
    ERIS,
    LARGE,
    NULL_REFERENCE,
    NULL_SECRET,
    PAIR_SIZE,
    SMALL,
    Blocks,
    Capability,
    CorruptBlock,
    Dialect,
    Encoder,
    ErisError,
    MalformedTree,
    MissingBlock,
    Pair,
    WrongKey,
    blake2b,
    first_error,
    level_last,
    pad,
    zero_nonce,
)
from .forms import SECRET_A, Json, capability_fields, inline_blocks, kib, plain_stream

PLACES = {
    "root": "The root",
    "on-right-edge": "An internal node on the right edge",
    "off-right-edge": "An internal node off the right edge",
}


class Forge(Encoder):
    """Builds trees with 1 KiB blocks by hand. Only what is asked for gets into the store."""

    def __init__(self, secret: bytes = NULL_SECRET, dialect: Dialect = ERIS) -> None:
        super().__init__(SMALL, secret, dialect)

    def full_leaf(self) -> Pair:
        """A leaf of content."""
        return self.leaf(b"A leaf full of content. ".ljust(SMALL, b"."))

    def last_leaf(self) -> Pair:
        """A leaf with padding."""
        return self.leaf(pad(b"The last leaf.", SMALL))

    def full_node(self, level: int = 1) -> Pair:
        """A node as it must be off the right edge."""
        child = self.full_leaf() if level == 1 else self.full_node(level - 1)
        return self.internal(level, [child] * 16)

    def edge_children(self, level: int = 1) -> list[Pair]:
        """The children of a node on the right edge: a full one and one on the edge."""
        if level == 1:
            return [self.full_leaf(), self.last_leaf()]
        return [self.full_node(level - 1), self.edge_node(level - 1)]

    def edge_node(self, level: int = 1) -> Pair:
        """A node on the right edge, with two children."""
        return self.internal(level, self.edge_children(level))

    def equal_tree(self, leaf: Pair, child_counts: list[int]) -> Pair:
        """A tree with one distinct node for each level, from level 1 up."""
        pair = leaf
        for level, count in enumerate(child_counts, start=1):
            pair = self.internal(level, [pair] * count)
        return pair

    def capability(self, level: int, root: Pair) -> Capability:
        """The capability that reads a tree."""
        return Capability(SMALL, level, root)


def negative(
    name: str,
    description: str,
    expect: type[ErisError],
    at: str,
    capability: Capability,
    blocks: Blocks,
) -> Json:
    """A capability, a store, and how decoding must fail."""
    if first_error(capability, blocks) != (expect, at):
        raise AssertionError(f"{name} fails with {first_error(capability, blocks)}")
    return {
        "name": name,
        "description": description,
        "type": "negative",
        "expect": expect.__name__,
        "at": at,
        "read-capability": capability_fields(capability),
        "urn": ERIS.urn(capability),
        "blocks": inline_blocks(blocks),
    }


def negatives() -> Iterator[Json]:
    """All negative vectors."""
    yield from damaged_stores()
    yield from wrong_keys()
    yield from wrong_levels()
    yield from wrong_block_sizes()
    yield from faulty_pairs()
    yield from childless_nodes()
    yield from non_canonical_trees()
    yield from faulty_paddings()
    yield from oversized_contents()
    yield from other_dialects()


def damaged_stores() -> Iterator[Json]:
    """Valid capabilities, but the store lacks a block or holds wrong bytes for it."""
    level_0 = Encoder(SMALL)
    tree_0 = level_0.encode(b"Hello world!"), level_0.blocks
    level_1 = Encoder(SMALL)
    tree_1 = level_1.encode(plain_stream(3000).data), level_1.blocks
    first, middle, last, root = level_1.blocks
    level_2 = Forge()
    edge, off_edge = level_2.edge_node().reference, level_2.full_node().reference
    tree_2 = level_2.capability(2, level_2.edge_node(2)), level_2.blocks

    yield negative("store-empty-1kib", "The store holds no block.", MissingBlock, "open", tree_1[0], {})
    yield from damages("root-level-0", "The root, a leaf,", "open", *tree_0, *level_0.blocks)
    yield from damages("root-level-1", "The root, an internal node,", "open", *tree_1, root)
    yield from damages("last-leaf", "The last leaf", "open", *tree_1, last)
    yield from damages("middle-leaf", "The second of three leaves", "read", *tree_1, middle)
    yield from damages("node-on-right-edge", f"{PLACES['on-right-edge']}", "open", *tree_2, edge)
    yield from damages("node-off-right-edge", f"{PLACES['off-right-edge']}", "read", *tree_2, off_edge)
    yield swap("leaves-off-right-edge", "The first two of three leaves", "read", *tree_1, first, middle)
    yield swap("leaves-on-right-edge", "The last two of three leaves", "open", *tree_1, middle, last)
    yield swap("root-and-leaf", "The root and the first leaf", "open", *tree_1, root, first)
    yield from honest_references()


def damages(
    place: str, subject: str, at: str, capability: Capability, blocks: Blocks, reference: bytes
) -> Iterator[Json]:
    """One block of a tree, gone or changed in several ways."""
    whole = blocks[reference]
    without = {other: block for other, block in blocks.items() if other != reference}
    name, description = f"{place}-missing-1kib", f"{subject} is missing."
    yield negative(name, description, MissingBlock, at, capability, without)

    for damage, predicate, block in (
        ("first-byte-flipped", "has its first byte flipped", bytes([whole[0] ^ 0xFF]) + whole[1:]),
        ("cut-short", "has lost its last byte", whole[:-1]),
        ("longer", "has one zero more at its end", whole + b"\0"),
        ("empty", "has no bytes at all", b""),
    ):
        name, description = f"{place}-{damage}-1kib", f"{subject} {predicate}."
        yield negative(name, description, CorruptBlock, at, capability, {**blocks, reference: block})


def swap(
    name: str, subject: str, at: str, capability: Capability, blocks: Blocks, one: bytes, two: bytes
) -> Json:
    """Two blocks of a tree, each under the reference of the other."""
    swapped = {**blocks, one: blocks[two], two: blocks[one]}
    description = f"{subject} are stored under each other's reference."
    return negative(f"swapped-{name}-1kib", description, CorruptBlock, at, capability, swapped)


def honest_references() -> Iterator[Json]:
    """Blocks of the wrong length that do hash to their reference."""
    for size in (1023, 1025):
        forge = Encoder(SMALL)
        node = b"The root. ".ljust(size - 3, b".") + b"\x80\0\0"
        yield negative(
            f"root-of-{size}-bytes-1kib",
            f"The root, a leaf, has {size} bytes and hashes to its reference: only its length tells.",
            CorruptBlock,
            "open",
            Capability(SMALL, 0, forge.leaf(node)),
            forge.blocks,
        )
        hand = Forge()
        middle = hand.leaf(b"The middle leaf. ".ljust(size, b"."))
        root = hand.internal(1, [hand.full_leaf(), middle, hand.last_leaf()])
        yield negative(
            f"middle-leaf-of-{size}-bytes-1kib",
            f"The second of three leaves has {size} bytes and hashes to its reference.",
            CorruptBlock,
            "read",
            hand.capability(1, root),
            hand.blocks,
        )


def wrong_keys() -> Iterator[Json]:
    """Whole trees whose root node decrypts well, but under a key that isn't its hash."""
    for level in (1, 2):
        for name, words, hash_key, secret in (
            ("any", "an arbitrary key", None, NULL_SECRET),
            ("secret", "H(node, secret), as in drafts before May 2022,", SECRET_A, SECRET_A),
            ("null-secret", "H(node, null secret), as in drafts before May 2022,", NULL_SECRET, NULL_SECRET),
        ):
            forge = Forge(secret)
            node = b"".join(map(b"".join, forge.edge_children(level))).ljust(SMALL, b"\0")
            key = blake2b(b"any key") if hash_key is None else blake2b(node, hash_key)
            yield negative(
                f"root-key-{name}-level-{level}-1kib",
                f"A whole tree of level {level} whose root is encrypted under {words} in place of its hash.",
                WrongKey,
                "open",
                forge.capability(level, forge.seal(level, node, key)),
                forge.blocks,
            )

    for level, expect, words in (
        (0, MalformedTree, "Only the padding tells."),
        (1, WrongKey, "The root doesn't hash to it."),
    ):
        encoder = Encoder(SMALL)
        (reference, key) = encoder.encode(plain_stream(500 + level * 1000).data).root
        changed = Pair(reference, key[:-1] + bytes([key[-1] ^ 1]))
        yield negative(
            f"root-key-changed-level-{level}-1kib",
            f"One bit of the root key is flipped at level {level}. {words}",
            expect,
            "open",
            Capability(SMALL, level, changed),
            encoder.blocks,
        )

    nonces = [
        (
            "level-last",
            "the level as the last byte of the nonce, as in the drafts of early 2022",
            level_last,
        ),
        ("zero", "a nonce of zeros, as in the drafts 0.2.0 and 0.3.0", zero_nonce),
    ]
    for name, words, nonce in nonces:
        for level in (1, 2):
            forge = Forge(dialect=Dialect(nonce=nonce))
            yield negative(
                f"nonce-{name}-level-{level}-1kib",
                f"A whole tree of level {level} whose internal nodes are encrypted with {words}.",
                WrongKey,
                "open",
                forge.capability(level, forge.edge_node(level)),
                forge.blocks,
            )


def wrong_levels() -> Iterator[Json]:
    """Valid trees under a capability with another level, and levels that no content has."""
    for level, declared in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 3)):
        forge = Forge()
        root = forge.last_leaf() if level == 0 else forge.edge_node(level)
        yield negative(
            f"level-{level}-declared-{declared}-1kib",
            f"The capability of a valid tree of level {level} says level {declared}."
            + (" Only the padding tells." if declared == 0 else ""),
            MalformedTree if declared == 0 else WrongKey,
            "open",
            forge.capability(declared, root),
            forge.blocks,
        )

    for block_size, level in ((SMALL, 15), (SMALL, 255), (LARGE, 7)):
        encoder = Encoder(block_size)
        child = Pair(blake2b(b"a block that nobody has"), blake2b(b"its key"))
        yield negative(
            f"level-{level}-{kib(block_size)}",
            f"No content of less than 2^63 bytes has level {level}: refused from the capability alone. "
            "The root is present and hashes to its key, its children are missing.",
            MalformedTree,
            "open",
            Capability(block_size, level, encoder.internal(level, [child, child])),
            encoder.blocks,
        )


def wrong_block_sizes() -> Iterator[Json]:
    """Valid trees under a capability with the other block size."""
    for level in (0, 1):
        forge = Forge()
        root = forge.last_leaf() if level == 0 else forge.edge_node()
        yield negative(
            f"block-size-raised-level-{level}-1kib",
            f"The capability of a valid tree of level {level} with 1 KiB blocks says 32 KiB.",
            CorruptBlock,
            "open",
            Capability(LARGE, level, root),
            forge.blocks,
        )
    encoder = Encoder(LARGE)
    capability = encoder.encode(b"Hello world!")
    yield negative(
        "block-size-lowered-level-0-32kib",
        "The capability of a valid tree of level 0 with 32 KiB blocks says 1 KiB.",
        CorruptBlock,
        "open",
        Capability(SMALL, 0, capability.root),
        encoder.blocks,
    )


def faulty_pairs() -> Iterator[Json]:
    """Internal nodes that don't end in zeros after the first null reference."""
    null_pair = bytes(PAIR_SIZE)
    faults: list[tuple[str, str, Callable[[bytes], bytes]]] = [
        (
            "null-reference-with-key",
            "a null reference with a key after its children",
            lambda children: children + NULL_REFERENCE + children[32:64],
        ),
        (
            "pair-after-null-pair",
            "one pair more after the null pair that ends its children",
            lambda children: children + null_pair + children[:PAIR_SIZE],
        ),
        (
            "stray-last-byte",
            "zeros after its children, but for the last byte",
            lambda children: children.ljust(SMALL - 1, b"\0") + b"\1",
        ),
    ]
    for name, words, fault in faults:
        for place, subject in PLACES.items():
            forge = Forge()
            is_off_edge = place == "off-right-edge"
            children = [forge.full_leaf()] * 14 if is_off_edge else forge.edge_children()
            faulty = forge.node(1, fault(b"".join(map(b"".join, children))))
            if place == "root":
                capability = forge.capability(1, faulty)
            else:
                pairs = [faulty, forge.edge_node()] if is_off_edge else [forge.full_node(), faulty]
                capability = forge.capability(2, forge.internal(2, pairs))
            yield negative(
                f"{name}-{place}-1kib",
                f"{subject} has {words}.",
                MalformedTree,
                "read" if is_off_edge else "open",
                capability,
                forge.blocks,
            )

    forge = Forge()
    root = forge.node(1, null_pair + b"".join(forge.full_leaf()) + b"".join(forge.last_leaf()))
    yield negative(
        "null-pair-first-root-1kib",
        "The root has its children after a null pair.",
        MalformedTree,
        "open",
        forge.capability(1, root),
        forge.blocks,
    )


def childless_nodes() -> Iterator[Json]:
    """Internal nodes of only zeros."""
    for level in (1, 2):
        forge = Forge()
        yield negative(
            f"no-children-root-level-{level}-1kib",
            f"The root, at level {level}, has no children.",
            MalformedTree,
            "open",
            forge.capability(level, forge.internal(level, [])),
            forge.blocks,
        )
    for place, at in (("on-right-edge", "open"), ("off-right-edge", "read")):
        forge = Forge()
        empty = forge.internal(1, [])
        pairs = [forge.full_node(), empty] if at == "open" else [empty, forge.edge_node()]
        yield negative(
            f"no-children-{place}-1kib",
            f"{PLACES[place]} has no children.",
            MalformedTree,
            at,
            forge.capability(2, forge.internal(2, pairs)),
            forge.blocks,
        )


def non_canonical_trees() -> Iterator[Json]:
    """Trees that hold content in a way in which no encoder puts it."""

    def case(name: str, description: str, at: str, level: int, build: Callable[[Forge], Pair]) -> Json:
        forge = Forge()
        capability = forge.capability(level, build(forge))
        return negative(f"{name}-1kib", description, MalformedTree, at, capability, forge.blocks)

    def short_node(forge: Forge, child_count: int) -> Pair:
        return forge.internal(1, [forge.full_leaf()] * child_count)

    yield case(
        "single-child-root-level-1",
        "The root, at level 1, has one child, a leaf: level 0 would do.",
        "open",
        1,
        lambda f: f.internal(1, [f.last_leaf()]),
    )
    yield case(
        "single-child-root-level-2",
        "The root, at level 2, has one child: level 1 would do.",
        "open",
        2,
        lambda f: f.internal(2, [f.edge_node()]),
    )
    yield case(
        "single-child-root-level-3",
        "Level 3 over one leaf, all nodes with one child.",
        "open",
        3,
        lambda f: f.equal_tree(f.last_leaf(), [1, 1, 1]),
    )
    yield case(
        "first-node-has-15-of-16",
        "The first of two internal nodes has 15 children.",
        "read",
        2,
        lambda f: f.internal(2, [short_node(f, 15), f.edge_node()]),
    )
    yield case(
        "first-node-has-1-of-16",
        "The first of two internal nodes has one child.",
        "read",
        2,
        lambda f: f.internal(2, [short_node(f, 1), f.edge_node()]),
    )
    yield case(
        "middle-node-has-15-of-16",
        "The second of three internal nodes has 15 children.",
        "read",
        2,
        lambda f: f.internal(2, [f.full_node(), short_node(f, 15), f.edge_node()]),
    )
    yield case(
        "middle-node-has-15-of-16-level-3",
        "The eighth internal node of level 1 has 15 children; all levels above it are full.",
        "read",
        3,
        lambda f: f.internal(
            3,
            [
                f.internal(2, [f.full_node()] * 7 + [short_node(f, 15)] + [f.full_node()] * 8),
                f.edge_node(2),
            ],
        ),
    )
    yield case(
        "first-node-has-15-of-16-at-level-2",
        "The first of two internal nodes of level 2 has 15 children, all full.",
        "read",
        3,
        lambda f: f.internal(3, [f.internal(2, [f.full_node()] * 15), f.edge_node(2)]),
    )


def faulty_paddings() -> Iterator[Json]:
    """Last leaves without valid padding, alone and after a leaf that ends like padding."""
    cases = [
        ("none", "holds no 0x80", b"A leaf without padding".ljust(SMALL, b".")),
        (
            "then-data",
            "has a byte that is not zero after 0x80",
            b"A leaf".ljust(SMALL - 2, b".") + b"\x80\1",
        ),
        ("wrong-byte", "has 0x01 in the place of 0x80", (b"A leaf" + b"\1").ljust(SMALL, b"\0")),
        ("zeros", "is all zeros", bytes(SMALL)),
    ]
    for name, words, leaf in cases:
        forge = Forge()
        yield negative(
            f"padding-{name}-level-0-1kib",
            f"The only leaf {words}.",
            MalformedTree,
            "open",
            forge.capability(0, forge.leaf(leaf)),
            forge.blocks,
        )
        forge = Forge()
        before = forge.leaf(pad(b"A leaf that ends like padding", SMALL))
        yield negative(
            f"padding-{name}-level-1-1kib",
            f"The last leaf {words}. The leaf before it ends in 0x80 and zeros.",
            MalformedTree,
            "open",
            forge.capability(1, forge.internal(1, [before, forge.leaf(leaf)])),
            forge.blocks,
        )


def oversized_contents() -> Iterator[Json]:
    """Canonical trees of equal children whose size doesn't fit 63 bits."""
    for count, words in (
        (3, "3 * 2^62 - 1 bytes: negative in 64 bits"),
        (5, "5 * 2^62 - 1 bytes: in 64 bits no more than 2^62 - 1"),
        (16, "2^66 - 1 bytes: -1 in 64 bits"),
    ):
        forge = Forge()
        leaf = forge.leaf(bytes(SMALL - 1) + b"\x80")
        root = forge.equal_tree(leaf, [16] * 13 + [count])
        yield negative(
            f"size-overflow-{count}-children-1kib",
            f"Level 14, equal children in each node, {count} in the root: {words}.",
            MalformedTree,
            "open",
            forge.capability(14, root),
            forge.blocks,
        )


def other_dialects() -> Iterator[Json]:
    """URNs of drafts over whole trees. They are no capabilities, so they have no fields."""
    content = plain_stream(1500).data
    for state in ("0.4.0", "0.2.0"):
        encoder = Encoder(SMALL, dialect=DRAFTS[state])
        urn = DRAFTS[state].urn(encoder.encode(content))
        yield {
            "name": f"urn-of-draft-{state}-1kib",
            "description": f"The URN of the draft {state}, which the blocks do belong to"
            + (": only the namespace isn't ours." if state == "0.4.0" else "."),
            "type": "negative",
            "expect": refusal(urn),
            "at": "open",
            "urn": urn,
            "blocks": inline_blocks(encoder.blocks),
        }
