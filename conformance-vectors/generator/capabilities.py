"""Texts that are read capabilities, and texts that are not."""

from collections.abc import Iterator

from .codec import ERIS, LARGE, SMALL, Capability, Encoder, MalformedCapability, Pair, base32
from .forms import Json, capability_fields, kib


def refusal(text: str) -> str:
    """The error that refuses a text."""
    try:
        ERIS.parse(text)
    except MalformedCapability as error:
        return type(error).__name__
    raise AssertionError(f"{text!r} is a capability")


def capabilities() -> list[Json]:
    """Texts that are read capabilities, and texts that are not."""
    result: list[Json] = []
    for text, why in valid_capabilities():
        capability = ERIS.parse(text)
        result.append(
            {
                "text": text,
                "valid": True,
                "why": why,
                "read-capability": capability_fields(capability),
                "urn": ERIS.urn(capability),
            }
        )
    for text, why in invalid_capabilities():
        result.append({"text": text, "valid": False, "why": why, "expect": refusal(text)})
    return result


HELLO = Encoder(SMALL).encode(b"Hello world!")
HELLO_URN = ERIS.urn(HELLO)
HELLO_BASE32 = HELLO_URN.removeprefix("urn:eris:")


def valid_capabilities() -> Iterator[tuple[str, str]]:
    yield HELLO_URN, "1 KiB blocks, level 0"
    yield ERIS.urn(Encoder(LARGE).encode(b"Hello world!")), "32 KiB blocks, level 0"
    for prefix in ("URN:ERIS:", "Urn:Eris:", "urn:ERIS:", "URN:eris:", "uRn:eRiS:"):
        yield prefix + HELLO_BASE32, f"urn and the namespace in any case: {prefix}"
    for block_size in (SMALL, LARGE):
        for level in (1, 14, 15, 127, 128, 255):
            capability = Capability(block_size, level, HELLO.root)
            yield ERIS.urn(capability), f"any level is a capability: {level} with {kib(block_size)}"
    ones = Pair(b"\xff" * 32, b"\xff" * 32)
    yield ERIS.urn(Capability(SMALL, 0, ones)), "all bits of reference and key set"


def invalid_capabilities() -> Iterator[tuple[str, str]]:
    body = HELLO_BASE32

    yield "", "empty text"
    yield body, "no prefix"
    for prefix in (
        "eris:",
        "urn:",
        "urn:eris",
        "urn:eris::",
        "urn::eris:",
        "urn:eris:urn:eris:",
        "urn eris ",
        "urn%3Aeris%3A",
        "urn:eri:",
        "urn:eriss:",
        "urx:eris:",
        "magnet:?xt=urn:eris:",
    ):
        yield prefix + body, f"not our prefix: {prefix}"
    for namespace in ("erisx", "erisx2", "erisx3", "erisx4", "ERISX3", "blake2b", "uuid"):
        yield f"urn:{namespace}:{body}", f"other namespace: {namespace}"
    yield f"urn:blake2b:{base32(HELLO.root.reference)}", "URN of a block"
    yield "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "URN of something else"
    yield SEED_URN, "capability of the draft 0.2.0"
    yield SEED_URN.replace("erisx2", "eris"), "capability of the draft 0.2.0 in our namespace"

    yield "urn:eris:", "no base32"
    yield "urn:eris:B", "1 character"
    for count in (80, 104, 105):
        yield f"urn:eris:{body[:count]}", f"{count} characters"
    for more in ("A", "AA", "AAAAAA", "AAAAAAAA"):
        yield f"{HELLO_URN}{more}", f"{len(body + more)} characters"
    yield f"{HELLO_URN}{HELLO_URN}", "two capabilities"
    yield f"{HELLO_URN}======", "padding up to 112 characters"
    yield f"{HELLO_URN}=", "one padding character more"

    yield f"urn:eris:{body.lower()}", "lower case base32"
    for index, place in ((0, "first"), (53, "middle"), (105, "last")):
        for character in ("b", "0", "1", "8", "9", "=", " ", "\n", "-", "+", "\x00", "\u00c1"):
            text = f"urn:eris:{body[:index]}{character}{body[index + 1 :]}"
            yield text, f"{place} character is {ascii(character)}"
    for character, why in (
        ("\uff22", "full-width B"),
        ("\u0412", "Cyrillic Ve, which looks like B"),
        ("\U0001d401", "mathematical bold B, two UTF-16 units"),
    ):
        yield f"urn:eris:{character}{body[1:]}", f"first character is a {why}"
    yield f"urn:eris:{body[:53]}\u0662{body[54:]}", "a character is the Arabic-Indic digit 2"
    for prefix, why in (
        ("urn:er\u0131s:", "dotless i, which upper case turns into I"),
        ("urn:er\u0130s:", "dotted I, which lower case turns into i"),
        ("urn:eri\u017f:", "long s, which upper case turns into S"),
        ("\uff55rn:eris:", "full-width u"),
    ):
        yield prefix + body, f"prefix with a {why}"

    value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".index(body[-1])
    for bits in (1, 2, 3):
        last = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value | bits]
        yield f"urn:eris:{body[:-1]}{last}", f"the two trailing bits are {bits:02b}"

    for component in (
        "?+x",
        "?=x=y",
        "#part",
        "?=",
        "?+",
        "#",
        "?",
        "/",
        "?+x?=y#z",
        "/index.html",
    ):
        yield HELLO_URN + component, f"with {component} appended"
    for blank, name in (
        (" ", "blank"),
        ("\t", "tab"),
        ("\n", "line feed"),
        ("\r\n", "carriage return, line feed"),
        ("\u00a0", "no-break space"),
        ("\ufeff", "byte order mark"),
        ("\0", "NUL"),
    ):
        yield blank + HELLO_URN, f"{name} before it"
        yield HELLO_URN + blank, f"{name} after it"
    yield f"urn:eris: {body}", "blank after the prefix"
    yield f"<{HELLO_URN}>", "in angle brackets"

    for code in (
        0x00,
        0x01,
        0x09,
        0x0B,
        0x0E,
        0x10,
        0x2A,
        0x2F,
        0x4A,
        0x6F,
        0x8A,
        0x8F,
        0xEA,
        0xFF,
    ):
        urn = ERIS.urn_of_bytes(bytes([code]) + ERIS.binary(HELLO)[1:])
        yield urn, f"unknown block size {code:#04x}"


SEED_URN = "urn:erisx2:AEA24Z7OYXY4VWA5ZUSRTCC46JXTKNHOGAVPHGH5QASXS74VZYU3UTYOCAEA2AGPASNTJHKWJ6I3LRNI74BP3XAPGY4ZODWORFQXYT74AA"
