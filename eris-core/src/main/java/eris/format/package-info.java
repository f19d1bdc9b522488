/// Formats whose content is read capabilities.
@NullMarked
package eris.format;

import org.jspecify.annotations.NullMarked;
