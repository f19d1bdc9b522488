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

class ConsoleStatusTest {
  private final Traffic traffic = new Traffic();
  private long now = 1_000_000;
  private final InstantSource clock = () -> Instant.ofEpochMilli(now);
  private final Incidents incidents = new Incidents(clock);

  @Test
  void tellsRequestsAndTheirLatenciesStepByStep() {
    try (var status = new ConsoleStatus(new MemoryBlockStore(), traffic, incidents, clock)) {
      traffic.get(10_000);
      traffic.get(10_000);
      traffic.put(4_000_000);
      now += History.EVERY_MILLIS;
      status.look();
      traffic.get(10_000);
      now += History.EVERY_MILLIS;
      status.look();
      assertThat(status.toJson(true))
          .contains("\"uptimeMillis\":4000,\"put\":true,\"requests\":{\"gets\":3,\"puts\":1}")
          .contains("\"everyMillis\":2000,\"end\":1004000,\"gets\":[null,")
          .contains(",null,2,1],\"puts\":[null,")
          .contains(",null,1,0],\"p50Micros\":[null,")
          .contains("\"storedBytes\":[null,null,");
    }
  }

  @Test
  void aStoreThatCountsNothingHasNoFigures() {
    try (var status = new ConsoleStatus(new MemoryBlockStore(), traffic, incidents, clock)) {
      assertThat(status.toJson(false)).contains("\"put\":false").contains("\"store\":{}");
    }
  }

  @Test
  void aVolumeTellsWhatItHolds(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("volume");
    try (var store = VolumeStore.open(VolumePath.of(file), Writer.named("test"));
        var status = new ConsoleStatus(store, traffic, incidents, clock)) {
      MemorySegment block = MemorySegment.ofArray(new byte[1024]);
      store.put(Reference.of(block), block);
      store.sync();
      status.look();
      assertThat(status.toJson(true))
          .contains("\"store\":{\"blocks\":1,\"bytes\":1024,")
          .contains("\"keeps\":\"archive\"")
          .contains(",null,1024]");
    }
  }

  @Test
  void theHistoryHasAnEnd() {
    try (var status = new ConsoleStatus(new MemoryBlockStore(), traffic, incidents, clock)) {
      status.look();
      String short1 = status.toJson(true);
      for (int i = 0; i < 1000; i++) {
        status.look();
      }
      String json = status.toJson(true);
      assertThat(json.chars().filter(c -> c == ',').count())
          .isEqualTo(short1.chars().filter(c -> c == ',').count());
      assertThat(json).contains("\"gets\":[0,0,");
    }
  }

  @Test
  void theSameIncidentAgainIsCountedAndTheLatestIsFirst() {
    incidents.add("GET", "the block is corrupt");
    now += 5;
    incidents.add("PUT", "the store is full");
    now += 5;
    incidents.add("GET", "the block is corrupt");
    try (var status = new ConsoleStatus(new MemoryBlockStore(), traffic, incidents, clock)) {
      assertThat(status.toJson(true))
          .endsWith(
              """
              "errors":[{"time":1000010,"event":"GET","detail":"the block is corrupt","count":2},\
              {"time":1000005,"event":"PUT","detail":"the store is full","count":1}]}""");
    }
  }

  @Test
  void incidentsAreBounded() {
    for (int i = 0; i < 1000; i++) {
      incidents.add("a \"kind\"\n", "number " + i);
    }
    assertThat(incidents.latest())
        .hasSizeLessThan(50)
        .first()
        .extracting("detail")
        .isEqualTo("number 999");
    try (var status = new ConsoleStatus(new MemoryBlockStore(), traffic, incidents, clock)) {
      assertThat(status.toJson(true)).contains("\"a \\\"kind\\\"\\u000a\"");
    }
  }
}
