"""ERIS 1.0.0 and its drafts in plain Python: a second opinion, not a product.

Written from the specification alone and for the reader, with `hashlib` for BLAKE2b and OpenSSL for
ChaCha20. It keeps all blocks in memory and decodes strictly: trees that no encoder makes are refused.
"""

import base64
import ctypes
import hashlib
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

KIB = 1024
SMALL = 1 * KIB
LARGE = 32 * KIB
PAIR_SIZE = 64
NULL_SECRET = bytes(32)
NULL_REFERENCE = bytes(32)

# The highest level that content of less than 2^63 bytes can have.
HIGHEST_LEVEL = {SMALL: 14, LARGE: 6}
LARGEST_SIZE = 2**63 - 1

Blocks = dict[bytes, bytes]
"""References to blocks: what a store holds."""


class ErisError(Exception):
    """Content can't be decoded. The subclasses are named like the exceptions of the Java product."""


class MissingBlock(ErisError):
    """The store doesn't have the block."""


class CorruptBlock(ErisError):
    """The block has the wrong length, or doesn't hash to its reference."""


class WrongKey(ErisError):
    """The root key isn't the hash of the (internal) root node."""


class MalformedTree(ErisError):
    """Every block is authentic, but together they are not the encoding of any content."""


class MalformedCapability(ErisError):
    """The text is no read capability."""


class Pair(NamedTuple):
    """A reference-key pair: all that is needed to read one block."""

    reference: bytes
    key: bytes


Sliceable = TypeVar("Sliceable", bytes, list[Pair])


class Capability(NamedTuple):
    """A read capability: all that is needed to read one piece of content."""

    block_size: int
    level: int
    root: Pair


# Primitives


def blake2b(message: bytes, key: bytes = b"") -> bytes:
    """BLAKE2b-256, keyed if there is a key. A key of 32 zero bytes is a key."""
    return hashlib.blake2b(message, digest_size=32, key=key).digest()


class _ChaCha20:
    """ChaCha20 of OpenSSL's libcrypto, through one cipher context that is keyed anew for each call."""

    def __init__(self) -> None:
        library = find_library("crypto")
        if library is None:
            raise SystemExit("error: OpenSSL's libcrypto is not installed")
        crypto = ctypes.CDLL(library)
        crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
        crypto.EVP_chacha20.restype = ctypes.c_void_p
        self._init = crypto.EVP_EncryptInit_ex
        self._init.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_char_p] * 2
        self._update = crypto.EVP_EncryptUpdate
        self._update.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.POINTER(ctypes.c_int),
            ctypes.c_char_p,
            ctypes.c_int,
        ]
        self._context = crypto.EVP_CIPHER_CTX_new()
        self._require(self._init(self._context, crypto.EVP_chacha20(), None, None, None))

    def __call__(self, message: bytes, key: bytes, nonce: bytes) -> bytes:
        """Applies the key stream of RFC 8439, counter from 0. Its own inverse."""
        counter_and_nonce = bytes(4) + nonce  # what OpenSSL calls the IV
        result = ctypes.create_string_buffer(len(message))
        written = ctypes.c_int()
        self._require(self._init(self._context, None, None, key, counter_and_nonce))
        self._require(self._update(self._context, result, written, message, len(message)))
        return result.raw

    @staticmethod
    def _require(success: int) -> None:
        if success != 1:
            raise RuntimeError("OpenSSL refused a call")


chacha20 = _ChaCha20()


def base32(data: bytes) -> str:
    """RFC 4648 base32, upper case, without `=`."""
    return base64.b32encode(data).decode().rstrip("=")


def unbase32(text: str) -> bytes:
    """The inverse of `base32`; any other spelling is a ValueError."""
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    if base32(data) != text:
        raise ValueError("trailing bits are not zero")
    return data


def pad(content: bytes, block_size: int) -> bytes:
    """ISO/IEC 7816-4: one byte 0x80, then zeros up to the next multiple of the block size."""
    padded_size = (len(content) // block_size + 1) * block_size
    return (content + b"\x80").ljust(padded_size, b"\0")


def unpad(leaf: bytes) -> bytes:
    """The content in the last leaf."""
    stripped = leaf.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        raise MalformedTree("the last leaf has no valid padding")
    return stripped[:-1]


# Dialects


def level_first(level: int) -> bytes:
    """The nonce of ERIS 1.0.0: the level, then zeros."""
    return bytes([level]) + bytes(11)


def level_last(level: int) -> bytes:
    """The nonce of the 0.4.0 drafts before August 2022."""
    return bytes(11) + bytes([level])


def zero_nonce(level: int) -> bytes:
    """The nonce of the drafts 0.2.0 and 0.3.0, whatever the level."""
    return bytes(12)


@dataclass(frozen=True)
class Dialect:
    """What the states of the specification do differently. All else is common to them."""

    namespace: str = "eris"
    block_size_codes: tuple[int, int] = (0x0A, 0x0F)  # of 1 KiB and 32 KiB
    secret_keys_nodes: bool = False  # are the keys of internal nodes H(node, secret)?
    nonce: Callable[[int], bytes] = level_first

    def urn(self, capability: Capability) -> str:
        """The URN of a read capability."""
        return self.urn_of_bytes(self.binary(capability))

    def urn_of_bytes(self, data: bytes) -> str:
        """A URN with any bytes in it, of a capability or not."""
        return f"urn:{self.namespace}:{base32(data)}"

    def binary(self, capability: Capability) -> bytes:
        """The 66 bytes of a read capability."""
        block_size, level, root = capability
        code = self.block_size_codes[(SMALL, LARGE).index(block_size)]
        return bytes([code, level]) + root.reference + root.key

    def parse(self, text: str) -> Capability:
        """Parses a URN; `urn` and the namespace in any case, the rest in one spelling only."""
        prefix = f"urn:{self.namespace}:"
        if not text.isascii() or text[: len(prefix)].lower() != prefix:
            raise MalformedCapability("no URN of this namespace")
        try:
            data = unbase32(text[len(prefix) :])
        except ValueError as error:
            raise MalformedCapability(f"no base32: {error}") from error
        if len(data) != 66:
            raise MalformedCapability(f"holds {len(data)} bytes, want 66")
        if data[0] not in self.block_size_codes:
            raise MalformedCapability(f"unknown block size {data[0]:#04x}")
        block_size = (SMALL, LARGE)[self.block_size_codes.index(data[0])]
        return Capability(block_size, data[1], Pair(data[2:34], data[34:66]))


ERIS = Dialect()
"""ERIS 1.0.0."""

DRAFTS = {
    "0.2.0": Dialect("erisx2", (0x00, 0x01), secret_keys_nodes=True, nonce=zero_nonce),
    "0.3.0": Dialect("erisx2", secret_keys_nodes=True, nonce=zero_nonce),
    "0.4.0-dev a": Dialect("erisx3", secret_keys_nodes=True, nonce=level_last),
    "0.4.0-dev b": Dialect("erisx3", nonce=level_last),
    "0.4.0": Dialect("erisx3"),
}


# Encoder


@dataclass
class Encoder:
    """Encodes content, or single nodes for who wants to build a tree by hand."""

    block_size: int
    secret: bytes = NULL_SECRET
    dialect: Dialect = ERIS
    blocks: Blocks = field(default_factory=dict)

    @property
    def arity(self) -> int:
        """How many pairs fit an internal node."""
        return self.block_size // PAIR_SIZE

    def encode(self, content: bytes) -> Capability:
        """Encodes content into the least high tree of full nodes."""
        padded = pad(content, self.block_size)
        pairs = [self.leaf(node) for node in slices(padded, self.block_size)]
        level = 0
        while len(pairs) > 1:
            level += 1
            pairs = [self.internal(level, group) for group in slices(pairs, self.arity)]
        return Capability(self.block_size, level, pairs[0])

    def leaf(self, node: bytes) -> Pair:
        """Encrypts a leaf under its hash, keyed with the secret."""
        return self.seal(0, node, blake2b(node, self.secret))

    def internal(self, level: int, pairs: list[Pair]) -> Pair:
        """Encrypts the internal node that holds these pairs."""
        return self.node(level, b"".join(reference + key for reference, key in pairs))

    def node(self, level: int, pairs: bytes) -> Pair:
        """Encrypts an internal node of any bytes, filled up with zeros, under its hash."""
        node = pairs.ljust(self.block_size, b"\0")
        secret = self.secret if self.dialect.secret_keys_nodes else b""
        return self.seal(level, node, blake2b(node, secret))

    def seal(self, level: int, node: bytes, key: bytes) -> Pair:
        """Encrypts a node under any key, keeps the block and returns the pair that reads it."""
        nonce = self.dialect.nonce(level) if level > 0 else bytes(12)
        block = chacha20(node, key, nonce)
        reference = blake2b(block)
        self.blocks[reference] = block
        return Pair(reference, key)


def slices(items: Sliceable, size: int) -> Iterator[Sliceable]:
    """Consecutive slices of the size, of which the last may be shorter."""
    return (items[start : start + size] for start in range(0, len(items), size))


def digest(blocks: Blocks) -> bytes:
    """One hash for a set of blocks: BLAKE2b-256 over all references in ascending order."""
    return blake2b(b"".join(sorted(blocks)))


# Decoder


class Decoder:
    """Decodes strictly. Opening reads the right edge of the tree, so afterwards the size is known."""

    def __init__(self, capability: Capability, blocks: Blocks, dialect: Dialect = ERIS) -> None:
        self._capability = capability
        self._blocks = blocks
        self._dialect = dialect
        self._block_size = capability.block_size
        self._arity = self._block_size // PAIR_SIZE
        self._last_leaf = b""
        self.size = self._open()

    def _open(self) -> int:
        level, pair = self._capability.level, self._capability.root
        if level > HIGHEST_LEVEL[self._block_size]:
            raise MalformedTree(f"no content has level {level}")
        node = self._dereference(pair, level)
        if level > 0 and not self._dialect.secret_keys_nodes and blake2b(node) != pair.key:
            raise WrongKey("the root key is not the hash of the root node")

        full_leaves = 0
        least_children = 2  # of the root; else a lower tree would do
        while level > 0:
            children = self._children(node)
            if len(children) < least_children:
                raise MalformedTree(f"node on the right edge has {len(children)} children")
            full_leaves += (len(children) - 1) * self._arity ** (level - 1)
            least_children = 1
            level -= 1
            node = self._dereference(children[-1], level)
        self._last_leaf = unpad(node)

        size = full_leaves * self._block_size + len(self._last_leaf)
        if size > LARGEST_SIZE:
            raise MalformedTree("content has more than 2^63 - 1 bytes")
        return size

    def read(self) -> Iterator[bytes]:
        """The content, leaf by leaf."""
        return self._read(self._capability.root, self._capability.level, on_right_edge=True)

    def _read(self, pair: Pair, level: int, on_right_edge: bool) -> Iterator[bytes]:
        if level == 0:
            yield self._last_leaf if on_right_edge else self._dereference(pair, 0)
            return
        children = self._children(self._dereference(pair, level))
        if not on_right_edge and len(children) < self._arity:
            raise MalformedTree(f"node off the right edge has {len(children)} children")
        for child in children[:-1]:
            yield from self._read(child, level - 1, on_right_edge=False)
        yield from self._read(children[-1], level - 1, on_right_edge)

    def _children(self, node: bytes) -> list[Pair]:
        """The pairs of an internal node. After the first null reference all must be zero."""
        children: list[Pair] = []
        for pair in slices(node, PAIR_SIZE):
            reference, key = pair[:32], pair[32:]
            if reference == NULL_REFERENCE:
                break
            children.append(Pair(reference, key))
        if any(node[len(children) * PAIR_SIZE :]):
            raise MalformedTree("data after the first null reference")
        return children

    def _dereference(self, pair: Pair, level: int) -> bytes:
        """Gets, verifies and decrypts a block, in this order."""
        block = self._blocks.get(pair.reference)
        if block is None:
            raise MissingBlock(base32(pair.reference))
        if len(block) != self._block_size or blake2b(block) != pair.reference:
            raise CorruptBlock(base32(pair.reference))
        nonce = self._dialect.nonce(level) if level > 0 else bytes(12)
        return chacha20(block, pair.key, nonce)


def first_error(capability: Capability, blocks: Blocks) -> tuple[type[ErisError], str] | None:
    """The error of decoding all, and whether it comes at `open` or at `read`."""
    try:
        decoder = Decoder(capability, blocks)
    except ErisError as error:
        return type(error), "open"
    try:
        for _ in decoder.read():
            pass
    except ErisError as error:
        return type(error), "read"
    return None
