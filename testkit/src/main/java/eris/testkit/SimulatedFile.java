package eris.testkit;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// A file, written once, on a disk that tears.
final class SimulatedFile implements SimulatedNode {
  private static final int[] SECTOR_BYTES = {512, 4096};

  private final byte[] bytes;
  private boolean durable;
  private boolean doomed;

  SimulatedFile(byte[] bytes) {
    this.bytes = bytes;
  }

  long size() {
    return bytes.length;
  }

  void readInto(MemorySegment target) {
    if (bytes.length <= target.byteSize()) {
      target.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }
  }

  @Override
  public void flush() {
    durable = !doomed;
  }

  @Override
  public void doom() {
    doomed = !durable;
  }

  @Override
  public SimulatedFile afterCrash(RandomGenerator random) {
    var file = new SimulatedFile(durable ? bytes : torn(random));
    file.durable = true;
    return file;
  }

  private byte[] torn(RandomGenerator random) {
    int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length + 1);
    byte[] torn = Arrays.copyOf(bytes, length);
    int sector = SECTOR_BYTES[random.nextInt(SECTOR_BYTES.length)];
    for (int from = 0; from < length; from += sector) {
      tear(torn, from, Math.min(from + sector, length), random);
    }
    return torn;
  }

  private static void tear(byte[] bytes, int from, int to, RandomGenerator random) {
    switch (random.nextInt(3)) {
      case 0 -> Arrays.fill(bytes, from, to, (byte) 0);
      case 1 -> Arrays.fill(bytes, from, to, (byte) random.nextInt());
      default -> {} // got there in time
    }
  }
}
