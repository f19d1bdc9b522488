/// Fakes, contracts and vectors for tests.
@NullMarked
package eris.testkit;

import org.jspecify.annotations.NullMarked;
