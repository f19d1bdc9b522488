/// Where the CPU time goes: hashing and encrypting many blocks per call.
@NullMarked
package eris.kernel;

import org.jspecify.annotations.NullMarked;
