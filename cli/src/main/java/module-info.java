/// The `eris` command.
module eris.cli {
  requires static org.jspecify;
  requires eris.core;
  requires eris.image;
  requires eris.server;
  requires eris.stores;
  requires info.picocli;
  requires jdk.unsupported; // signals
  requires java.management; // CPU time, for eris bench
  requires tools.jackson.databind;

  opens eris.cli to
      info.picocli;
}
