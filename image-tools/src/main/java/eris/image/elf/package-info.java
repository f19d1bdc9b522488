/// ELF files: reading what they need, and rewriting it.
@NullMarked
package eris.image.elf;

import org.jspecify.annotations.NullMarked;
