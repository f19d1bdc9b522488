/// Closures as files: in directories, and in images that a kernel boots.
@NullMarked
package eris.image.tree;

import org.jspecify.annotations.NullMarked;
