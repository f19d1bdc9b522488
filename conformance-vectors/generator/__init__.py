"""An ERIS codec of its own, and the vectors that it makes."""
