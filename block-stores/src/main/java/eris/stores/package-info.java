/// Stores behind the port of `eris.store`, and what wraps them.
@NullMarked
package eris.stores;

import org.jspecify.annotations.NullMarked;
