package eris.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

/// A second opinion, where Jackson has one: map keys are text, and its reader passes over tags.
class CborAgainstJacksonTest {
  private static final CBORMapper JACKSON = new CBORMapper();

  /// To run one: `mvn test -pl eris-core -Dtest=CborAgainstJacksonTest -Deris.seed=SEED`.
  static LongStream seeds() {
    Long seed = Long.getLong("eris.seed");
    return seed == null ? LongStream.range(0, 100) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void jacksonReadsWhatWeWrite(long seed) {
    Cbor item = item(seed);
    assertThat(JACKSON.readTree(item.encode())).isEqualTo(toJackson(item));
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void jacksonWritesTheSameBytes(long seed) {
    Cbor item = item(seed);
    var out = new ByteArrayOutputStream();
    try (var generator = (CBORGenerator) JACKSON.createGenerator(out)) {
      write(item, generator);
    }
    assertThat(item.encode()).isEqualTo(out.toByteArray());
  }

  private static Cbor item(long seed) {
    return new RandomCbor(new SplittableRandom(seed), RandomCbor.Keys.TEXT).item(6);
  }

  private static JsonNode toJackson(Cbor item) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (item) {
      case Cbor.Int(long value) ->
          (int) value == value ? nodes.numberNode((int) value) : nodes.numberNode(value);
      case Cbor.Bytes bytes -> nodes.binaryNode(bytes.toArray());
      case Cbor.Text(String value) -> nodes.stringNode(value);
      case Cbor.Array(var items) -> {
        var array = nodes.arrayNode();
        items.forEach(inner -> array.add(toJackson(inner)));
        yield array;
      }
      case Cbor.Map(var entries) -> {
        var object = nodes.objectNode();
        entries.forEach(entry -> object.set(name(entry), toJackson(entry.value())));
        yield object;
      }
      case Cbor.Tag(_, Cbor content) -> toJackson(content);
      case Cbor.Bool(boolean value) -> nodes.booleanNode(value);
      case Cbor.Null _ -> nodes.nullNode();
    };
  }

  private static void write(Cbor item, CBORGenerator generator) {
    switch (item) {
      case Cbor.Int(long value) -> generator.writeNumber(value);
      case Cbor.Bytes bytes -> generator.writeBinary(bytes.toArray());
      case Cbor.Text(String value) -> generator.writeString(value);
      case Cbor.Array(var items) -> {
        generator.writeStartArray(item, items.size());
        items.forEach(inner -> write(inner, generator));
        generator.writeEndArray();
      }
      case Cbor.Map(var entries) -> {
        generator.writeStartObject(item, entries.size());
        for (Cbor.Entry entry : entries) {
          generator.writeName(name(entry));
          write(entry.value(), generator);
        }
        generator.writeEndObject();
      }
      case Cbor.Tag(long number, Cbor content) -> {
        generator.writeTag((int) number);
        write(content, generator);
      }
      case Cbor.Bool(boolean value) -> generator.writeBoolean(value);
      case Cbor.Null _ -> generator.writeNull();
    }
  }

  private static String name(Cbor.Entry entry) {
    return ((Cbor.Text) entry.key()).value();
  }
}
