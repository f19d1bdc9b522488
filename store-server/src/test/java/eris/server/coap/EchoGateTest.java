package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;

import eris.server.config.EchoMode;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EchoGateTest {
  private final InetAddress local = InetAddress.getLoopbackAddress();
  private final InetAddress far;
  private final InetAddress other;
  private long now = 1_000_000_000_000_000L;

  EchoGateTest() throws UnknownHostException {
    far = InetAddress.getByName("192.0.2.1");
    other = InetAddress.getByName("2001:db8::1");
  }

  private EchoGate gate(EchoMode mode) {
    return new EchoGate(mode, () -> now);
  }

  @Test
  void thisMachineIsAskedOnlyIfToldSo() {
    assertThat(gate(EchoMode.AUTO).challenge(local)).isEmpty();
    assertThat(gate(EchoMode.AUTO).challenge(far)).isPresent();
    assertThat(gate(EchoMode.ON).challenge(local)).isPresent();
    assertThat(gate(EchoMode.OFF).challenge(far)).isEmpty();
  }

  @Test
  void answerIsGoodForItsAddressAndForAWhile() {
    EchoGate gate = gate(EchoMode.AUTO);
    CoapMessage answer = answer(gate, far);
    assertThat(gate.challenge(other).orElseThrow().isMetBy(answer)).isFalse();
    assertThat(gate.challenge(far).orElseThrow().isMetBy(answer)).isTrue();
    assertThat(gate.challenge(far)).isEmpty();
    assertThat(gate.challenge(other)).isPresent();
    pass(Duration.ofSeconds(299));
    assertThat(gate.challenge(far)).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(gate.challenge(far)).isPresent();
    pass(Duration.ofMinutes(10));
    assertThat(gate.challenge(far).orElseThrow().isMetBy(answer)).isFalse();
  }

  @Test
  void otherServersAnswersAreWorthNothing() {
    CoapMessage answer = answer(gate(EchoMode.ON), far);
    assertThat(gate(EchoMode.ON).challenge(far).orElseThrow().isMetBy(answer)).isFalse();
    assertThat(gate(EchoMode.ON).challenge(far).orElseThrow().isMetBy(CoapMessage.of(1))).isFalse();
  }

  private void pass(Duration duration) {
    now += duration.toNanos();
  }

  private static CoapMessage answer(EchoGate gate, InetAddress source) {
    CoapMessage response = gate.challenge(source).orElseThrow().response();
    return CoapMessage.of(CoapCode.GET, response.options().first(CoapOption.ECHO).orElseThrow());
  }
}
