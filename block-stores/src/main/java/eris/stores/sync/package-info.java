/// Moving between two stores what one of them lacks: `docs/formats/sync.md`.
@NullMarked
package eris.stores.sync;

import org.jspecify.annotations.NullMarked;
