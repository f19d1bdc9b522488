// The constants of ChaCha20 (RFC 8439).
#pragma once

#include <stdint.h>

static const uint32_t EXPAND_32_BYTE_K[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
