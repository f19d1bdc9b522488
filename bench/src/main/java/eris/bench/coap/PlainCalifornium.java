package eris.bench.coap;

import java.util.Random;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/// A block of 1 KiB at `coap://127.0.0.1:PORT/x`, by Californium as one would use it, but for what
/// slows it down without need here.
public final class PlainCalifornium {
  private PlainCalifornium() {}

  public static void main(String[] args) {
    byte[] block = new byte[1024];
    new Random(1).nextBytes(block);
    Configuration config =
        new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS)
            .set(CoapConfig.DEDUPLICATOR, CoapConfig.NO_DEDUPLICATOR)
            .set(CoapConfig.MAX_MESSAGE_SIZE, 1024)
            .set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024);
    var server = new CoapServer(config, Integer.parseInt(args[0]));
    server.add(
        new CoapResource("x") {
          @Override
          public void handleGET(CoapExchange exchange) {
            exchange.respond(ResponseCode.CONTENT, block);
          }
        });
    server.start();
  }
}
