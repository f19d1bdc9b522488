/// Many blocks in one request: `docs/formats/batch.md`.
@NullMarked
package eris.stores.batch;

import org.jspecify.annotations.NullMarked;
