package eris.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import eris.Reference;
import eris.store.MemoryBlockStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
  private long now = 1_000_000;
  private final InstantSource clock = () -> Instant.ofEpochMilli(now);

  @Test
  void tellsRequestsAndTheirLatenciesStepByStep() {
    try (var console = new Console(new MemoryBlockStore(), clock)) {
      console.traffic().get(10_000);
      console.traffic().get(10_000);
      console.traffic().put(4_000_000);
      now += History.EVERY_MILLIS;
      console.look();
      console.traffic().get(10_000);
      now += History.EVERY_MILLIS;
      console.look();
      assertThat(console.toJson(true))
          .contains("\"uptimeMillis\":4000,\"put\":true,\"requests\":{\"gets\":3,\"puts\":1}")
          .contains("\"everyMillis\":2000,\"end\":1004000,\"gets\":[null,")
          .contains(",null,2,1],\"puts\":[null,")
          .contains(",null,1,0],\"p50Micros\":[null,")
          .contains("\"storedBytes\":[null,null,");
    }
  }

  @Test
  void aStoreThatCountsNothingHasNoFigures() {
    try (var console = new Console(new MemoryBlockStore(), clock)) {
      assertThat(console.toJson(false)).contains("\"put\":false").contains("\"store\":{}");
    }
  }

  @Test
  void aVolumeTellsWhatItHolds(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("volume");
    try (var store = VolumeStore.open(VolumePath.of(file), Writer.named("test"));
        var console = new Console(store, clock)) {
      MemorySegment block = MemorySegment.ofArray(new byte[1024]);
      store.put(Reference.of(block), block);
      store.sync();
      console.look();
      assertThat(console.toJson(true))
          .contains("\"store\":{\"blocks\":1,\"bytes\":1024,")
          .contains("\"keeps\":\"archive\"")
          .contains(",null,1024]");
    }
  }

  @Test
  void theHistoryHasAnEnd() {
    try (var console = new Console(new MemoryBlockStore(), clock)) {
      console.look();
      String once = console.toJson(true);
      for (int i = 0; i < 1000; i++) {
        console.look();
      }
      String json = console.toJson(true);
      assertThat(json.chars().filter(c -> c == ',').count())
          .isEqualTo(once.chars().filter(c -> c == ',').count());
      assertThat(json).contains("\"gets\":[0,0,");
    }
  }

  @Test
  void theSameIncidentAgainIsCountedAndTheLatestIsFirst() {
    try (var console = new Console(new MemoryBlockStore(), clock)) {
      console.incidents().add("GET", "the block is corrupt");
      now += 5;
      console.incidents().add("PUT", "the store is full");
      now += 5;
      console.incidents().add("GET", "the block is corrupt");
      assertThat(console.toJson(true))
          .endsWith(
              """
              "errors":[{"time":1000010,"event":"GET","detail":"the block is corrupt","count":2},\
              {"time":1000005,"event":"PUT","detail":"the store is full","count":1}]}""");
    }
  }

  @Test
  void incidentsAreBounded() {
    try (var console = new Console(new MemoryBlockStore(), clock)) {
      for (int i = 0; i < 1000; i++) {
        console.incidents().add("a \"kind\"\n", "number " + i);
      }
      assertThat(console.incidents().latest()).hasSizeLessThan(50);
      assertThat(console.toJson(true))
          .contains(
              """
              "event":"a \\"kind\\"\\n","detail":"number 999","count":1},""");
    }
  }
}
