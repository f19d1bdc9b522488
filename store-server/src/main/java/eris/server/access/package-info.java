/// Who may do what: accounts, their tokens, and the file that keeps both.
@NullMarked
package eris.server.access;

import org.jspecify.annotations.NullMarked;
