package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes through a volume as its slots lie on the device. A position is an extent.
///
/// The index has another order, and memory is bounded: so as many extents are taken at a time as
/// there is room to note what their slots should hash to. A slot that hashes to something else, or
/// cannot be read, is looked for in the index once more, since it may have been used anew meanwhile,
/// and its block read as anybody reads it.
final class VolumeScan implements CopyScan {
  /// At a time, with 16 bytes for each.
  static final int MAX_SLOTS = 1 << 21;

  private static final String POSITION = "extent ";

  private final Device device;
  private final VolumeView view;
  private final VerifiedSource source;
  private final Geometry geometry;
  private final int maxSlots;

  VolumeScan(Device device, VolumeView view, BlockSource source, int maxSlots) {
    this.device = device;
    this.view = view;
    this.source = new VerifiedSource(source);
    this.maxSlots = maxSlots;
    this.geometry = view.generation().superblock().geometry();
  }

  @Override
  public boolean run(String from, Visitor visitor) throws IOException {
    @Nullable BlockSize[] sizes = sizes();
    int first = extentOf(from);
    for (int extent = first; extent < sizes.length; ) {
      int end = endOfWindow(sizes, extent);
      new Window(extent, Arrays.copyOfRange(sizes, extent, end), visitor).scan();
      visitor.visitedTo(POSITION + end);
      extent = end;
    }
    return first > 0;
  }

  private static int extentOf(String position) {
    return position.matches(POSITION + "[0-9]{1,8}")
        ? Integer.parseInt(position.substring(POSITION.length()))
        : 0;
  }

  /// The size of the slots in each extent, up to the last that is in use.
  private @Nullable BlockSize[] sizes() throws IOException {
    var sizes = new ArrayList<@Nullable BlockSize>();
    walk(
        (_, place, _) -> {
          int extent = geometry.extentOf(place);
          while (extent >= sizes.size()) {
            sizes.add(null);
          }
          sizes.set(extent, place.size());
        });
    return sizes.toArray(new BlockSize[0]);
  }

  private int endOfWindow(@Nullable BlockSize[] sizes, int first) {
    int slots = 0;
    int end = first;
    while (end < sizes.length && slots < maxSlots) {
      BlockSize size = sizes[end];
      slots += size == null ? 0 : geometry.slots(size);
      end++;
    }
    return end;
  }

  /// Told of places that are in use.
  @FunctionalInterface
  private interface Entries {
    void visit(Reference reference, Place place, boolean isSetAside) throws IOException;
  }

  private void walk(Entries entries) throws IOException {
    new VolumeWalk(
            view,
            Reference.LEAST,
            (reference, where, _) -> {
              Place place = Place.unpack(where);
              if (!geometry.holds(place, VolumeLayout.MAX_EXTENTS)) {
                throw new DamagedVolume(
                    "an entry of the index names a place where no block can be");
              }
              entries.visit(reference, place, Place.isSetAside(where));
            })
        .run();
  }

  /// Some extents, whose slots there is room for.
  private final class Window {
    private final ExpectedSlots expected;
    private final @Nullable BlockSize[] sizes;
    private final Visitor visitor;
    private int reached; // all extents before it were told
    private boolean allSound = true;

    Window(int first, @Nullable BlockSize[] sizes, Visitor visitor) {
      this.expected = new ExpectedSlots(geometry, first, sizes);
      this.sizes = sizes;
      this.visitor = visitor;
      this.reached = first;
    }

    void scan() throws IOException {
      walk(this::expect);
      try (var scan = new SlotScan(device, geometry, this::found)) {
        for (int i = 0; i < sizes.length; i++) {
          BlockSize size = sizes[i];
          if (size != null) {
            int extent = expected.first() + i;
            scan.scan(extent, size, expected.open(extent));
          }
        }
        scan.finish();
      }
      if (!expected.isSettled()) {
        walk(this::lookAgain);
      }
    }

    private void expect(Reference reference, Place place, boolean isSetAside) throws IOException {
      if (expected.has(place)) {
        if (isSetAside) {
          read(reference, visitor); // which tells what it is
        } else {
          expected.expect(place, reference);
        }
      }
    }

    private void found(int extent, int slot, Reference hash) throws IOException {
      reach(extent);
      if (expected.settle(extent, slot, hash)) {
        visitor.sound(Objects.requireNonNull(sizes[extent - expected.first()]));
      }
    }

    /// As long as nothing is to be looked at again.
    private void reach(int extent) throws IOException {
      while (allSound && reached < extent) {
        allSound = expected.open(reached).isEmpty();
        reached++;
        if (allSound) {
          visitor.visitedTo(POSITION + reached);
        }
      }
    }

    private void lookAgain(Reference reference, Place place, boolean isSetAside)
        throws IOException {
      if (!isSetAside && expected.has(place) && expected.isOpen(place)) {
        read(reference, visitor);
      }
    }
  }

  private void read(Reference reference, Visitor visitor) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try {
      Optional<MemorySegment> block = source.get(reference, target);
      if (block.isPresent()) { // else it was removed
        visitor.sound(BlockSize.of(block.get()));
      }
    } catch (CorruptBlock e) {
      visitor.corrupt(e);
    }
  }
}
