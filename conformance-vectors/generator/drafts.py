"""Trees of two heights in every draft, with and without a secret."""

from .codec import DRAFTS, NULL_SECRET, SMALL, Decoder, Encoder, base32
from .forms import (
    SECRET_A,
    Content,
    Json,
    are_few,
    capability_fields,
    inline_blocks,
    plain_stream,
    summary_fields,
)


def drafts() -> list[Json]:
    """Trees of two heights in every draft, with and without a secret."""
    return [
        draft(state, plain_stream(size), secret)
        for state in DRAFTS
        for size in (3_000, 17_000)
        for secret in (NULL_SECRET, SECRET_A)
    ]


def draft(state: str, content: Content, secret: bytes) -> Json:
    """Content and what encoding must make of it in a draft."""
    dialect = DRAFTS[state]
    encoder = Encoder(SMALL, secret, dialect)
    capability = encoder.encode(content.data)
    if b"".join(Decoder(capability, encoder.blocks, dialect).read()) != content.data:
        raise AssertionError(f"{state} does not decode to its content")
    # A decoder knows no secret, so of the larger trees one for each draft will do.
    is_inline = are_few(encoder.blocks) or secret != NULL_SECRET
    return {
        "state": state,
        "block-size": SMALL,
        "convergence-secret": base32(secret),
        "content-name": content.name,
        "content-size": len(content.data),
        "read-capability": capability_fields(capability),
        "urn": dialect.urn(capability),
        **summary_fields(encoder.blocks),
        **({"blocks": inline_blocks(encoder.blocks)} if is_inline else {}),
    }
