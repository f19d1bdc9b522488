/// The daemon: blocks of any store, served to others.
module eris.server {
  requires static org.jspecify;
  requires transitive eris.core;
  requires transitive eris.stores;
  requires java.naming;
  requires element.connector;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.management; // figures of the JVM
  requires jdk.management; // figures of the process
  requires tools.jackson.databind;
  requires scandium;

  exports eris.server;
  exports eris.server.access;
  exports eris.server.config;
}
