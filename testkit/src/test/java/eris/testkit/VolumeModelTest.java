package eris.testkit;

import static eris.testkit.VolumeWitness.BLOCKS;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.store.Retention;
import eris.store.StoreException;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random operations on a volume and on the simplest thing that behaves like one.
final class VolumeModelTest {
  private static final int OPERATIONS = 150;

  @Test
  void volumeDoesWhatTheModelDoes() {
    run(400);
  }

  @Test
  @Tag("wide")
  void volumeDoesWhatTheModelDoesManyTimes() {
    run(10_000);
  }

  private static void run(int runs) {
    Long only = Long.getLong("eris.seed");
    for (long run = 0; run < runs; run++) {
      long seed = only == null ? run : only;
      try {
        new Run(new SplittableRandom(seed)).go();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Deris.seed=" + seed, e);
      }
    }
  }

  private static final class Run {
    private final SplittableRandom random;
    private final VolumeWitness witness = new VolumeWitness();
    private SimulatedDevice disk;
    private VolumeStore store;
    private long quotaBytes = Long.MAX_VALUE;

    Run(SplittableRandom random) throws IOException {
      this.random = random;
      int sectorBytes = random.nextBoolean() ? 512 : 4096;
      this.disk =
          random.nextBoolean() ? VolumeWitness.disk(sectorBytes) : VolumeWitness.file(sectorBytes);
      this.store = witness.open(disk);
    }

    void go() throws IOException {
      for (int i = 0; i < OPERATIONS; i++) {
        step();
        witness.checkHeld(store);
      }
      store.setRetention(VolumeWitness.LEASED);
      witness.sync(store);
      store.close();
      witness.check(disk);
    }

    private void step() throws IOException {
      SampleBlock block = BLOCKS.get(random.nextInt(BLOCKS.size()));
      switch (random.nextInt(30)) {
        case 0, 1, 2 -> witness.sync(store);
        case 3 -> reopen();
        case 4 -> crash();
        case 5, 6, 7 -> witness.remove(store, block);
        case 8, 9, 10 -> witness.trash(store, block);
        case 11, 12 -> witness.free(store, block);
        case 13, 14 -> witness.restore(store, block);
        case 15 -> witness.rot(store, block, disk);
        case 16 -> witness.setDocument(store, document());
        case 17 -> setQuota();
        default -> put(block);
      }
    }

    private byte[] document() {
      byte[] document = new byte[random.nextInt(3) == 0 ? random.nextInt(20_000) : 100];
      random.nextBytes(document);
      return document;
    }

    private void setQuota() throws IOException {
      quotaBytes = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextLong(1, 100_000);
      store.setRetention(
          new Retention(
              Retention.Mode.LEASED,
              quotaBytes == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(quotaBytes)));
      witness.sync(store);
    }

    private void put(SampleBlock block) throws IOException {
      if (witness.fits(block, quotaBytes)) {
        witness.put(store, block);
      } else {
        assertThatExceptionOfType(StoreException.Full.class)
            .isThrownBy(() -> store.put(block.reference(), block.bytes()));
      }
    }

    private void reopen() throws IOException {
      store.close();
      witness.reconcile(disk);
      store = witness.open(disk);
    }

    private void crash() throws IOException {
      disk = disk.crash(random);
      witness.reconcile(disk);
      store = witness.open(disk);
    }
  }
}
