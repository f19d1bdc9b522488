package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.exception.ConnectorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Californium's client over UDP, at its defaults but for the size of bodies it takes. It shows no
/// Echo by itself, so it is served where none is asked for.
final class CaliforniumClientTest {
  private final CoapFixture fixture = new CoapFixture();
  private CoapEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    Configuration config =
        new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS)
            .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, BlockSize.MAX_BYTES);
    endpoint = new CoapEndpoint.Builder().setConfiguration(config).build();
    endpoint.start();
  }

  private CoapClient client(String path) throws IOException {
    CoapDoor door = fixture.udp();
    int port = door.address().getPort();
    return new CoapClient("coap://127.0.0.1:%d/.well-known/%s".formatted(port, path))
        .setEndpoint(endpoint);
  }

  @AfterEach
  void stop() throws IOException {
    endpoint.destroy();
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource
  void blockIsGot(BlockSize size) throws IOException, ConnectorException {
    byte[] block = fixture.bytes(size);
    Reference reference = fixture.hold(block);
    CoapResponse response = client("eris/blocks?" + reference).get();
    assertThat(response.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(response.getPayload()).isEqualTo(block);
  }

  @ParameterizedTest
  @EnumSource
  void blockIsPut(BlockSize size) throws IOException, ConnectorException {
    byte[] block = fixture.bytes(size);
    CoapResponse response =
        client("eris/blocks").put(block, MediaTypeRegistry.APPLICATION_OCTET_STREAM);
    assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(fixture.held.contains(Reference.of(MemorySegment.ofArray(block)))).isTrue();
  }

  @Test
  void resourceIsDiscovered() throws IOException, ConnectorException {
    CoapClient discovering = client("core");
    assertThat(discovering.discover())
        .extracting(link -> link.getURI())
        .containsExactly("/.well-known/eris/blocks");
  }
}
