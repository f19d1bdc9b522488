package eris.stores.sync;

import eris.Reference;
import eris.store.BlockInventory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a store holds, in a file: about 31 bytes a block. It lets another side write a [BlockFile]
/// of nothing else than what the store lacks.
public final class HaveFile {
  private HaveFile() {}

  /// @return how many blocks there are
  public static long write(BlockInventory inventory, RandomGenerator random, OutputStream to)
      throws IOException {
    var out = SyncOutput.toFile(to);
    Salt salt = FileHeader.write(FileHeader.HELD, random, out);
    var list = new ReferenceListWriter(out);
    var sum = new Sum(salt);
    inventory.forEach(
        Reference.LEAST,
        (reference, _) -> {
          list.add(reference);
          sum.add(reference);
        });
    list.end();
    sum.summary().writeTo(out);
    out.flush();
    return sum.count;
  }

  /// Reads such a file from its begin to its end, in constant memory.
  static final class Reader {
    private final SyncInput in;
    private final ReferenceListReader list;
    private final Sum sum;
    private Optional<Reference> next;

    /// @throws MalformedSync if `from` is something else
    Reader(InputStream from) throws IOException {
      in = new SyncInput(from);
      try {
        sum = new Sum(FileHeader.read(FileHeader.HELD, "what is held", in));
        list = new ReferenceListReader(in);
        next = list.next();
      } catch (PeerGone e) {
        throw in.cut(e);
      }
    }

    /// Whether a reference is in the file.
    ///
    /// @param reference greater than the one before
    boolean holds(Reference reference) throws IOException {
      while (next.isPresent() && next.get().compareTo(reference) < 0) {
        advance();
      }
      return next.equals(Optional.of(reference));
    }

    private void advance() throws IOException {
      sum.add(next.orElseThrow());
      try {
        next = list.next();
      } catch (PeerGone e) {
        throw in.cut(e);
      }
    }

    /// Reads what is left.
    ///
    /// @throws MalformedSync unless the file is whole
    void finish() throws IOException {
      while (next.isPresent()) {
        advance();
      }
      try {
        if (!SetSummary.readFrom(in).equals(sum.summary())) {
          throw in.malformed("an end mark of other references");
        }
      } catch (PeerGone e) {
        throw in.cut(e);
      }
      in.requireEnd();
    }
  }

  /// Count and digest so far.
  private static final class Sum {
    private final Salt salt;
    private long count;
    private SetDigest digest = SetDigest.EMPTY;

    Sum(Salt salt) {
      this.salt = salt;
    }

    void add(Reference reference) {
      digest = digest.plus(salt.digest(reference));
      count++;
    }

    SetSummary summary() {
      return new SetSummary(count, digest);
    }
  }
}
