/// Programs and their libraries as verified closures, and what is made of them.
module eris.image {
  requires static org.jspecify;
  requires transitive eris.core;
  requires tools.jackson.databind;

  exports eris.image.closure;
  exports eris.image.elf;
  exports eris.image.run;
  exports eris.image.tree;
}
