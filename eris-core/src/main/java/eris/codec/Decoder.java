package eris.codec;

import eris.BlockSize;
import eris.Dialect;
import eris.DraftCapability;
import eris.ReadCapability;
import eris.store.BlockSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/// Reads content by its capability, from any position, without reading the rest (ERIS 1.0.0,
/// Decode).
///
/// No byte leaves a decoder before its block is verified. [#open] authenticates the size. Trees that
/// no encoder makes are refused wherever they are seen: a node that is not full off the right edge,
/// a root with a single child. (The specification allows them; we don't.)
///
/// Holds one node per tree level and a window of leaves that grows while reading is sequential. Not
/// safe for concurrent use: open one decoder per reader, they are cheap.
public final class Decoder implements SeekableByteChannel {
  private static final int MAX_WINDOW_BYTES = 512 * 1024;
  private static final int MAX_WINDOW_LEAVES = 256;

  private final BlockSize blockSize;
  private final TreePath path;
  private final NodeWindow leaves;
  private final long sizeBytes;
  private int readAhead = 1; // leaves
  private long position;
  private boolean open = true;

  private Decoder(BlockSource source, TreeRoot root, List<Dialect> candidates) throws IOException {
    blockSize = root.blockSize();
    var reader = new NodeReader(source, blockSize);
    path = TreePath.open(reader, root, candidates);
    leaves = path.leaves();
    long lastLeaf = leaves.last();
    path.loadLeaves(lastLeaf, 1);
    sizeBytes = lastLeaf * blockSize.bytes() + Padding.contentBytes(leaves.node(lastLeaf));
  }

  /// Opens content. Reads the nodes of the right edge, from the root to the last leaf, and so fails
  /// here if one of them is missing, corrupt or malformed.
  ///
  /// @throws eris.ErisException telling what is wrong
  public static Decoder open(BlockSource source, ReadCapability capability) throws IOException {
    return new Decoder(source, TreeRoot.of(capability), List.of(Dialect.V1_0_0));
  }

  /// Opens content of a draft in the same way. Where the capability may be of several, the root node
  /// decides.
  ///
  /// @throws eris.ErisException telling what is wrong
  public static Decoder open(BlockSource source, DraftCapability capability) throws IOException {
    return new Decoder(source, TreeRoot.of(capability), capability.candidates());
  }

  /// The dialect in which the content turned out to be encoded.
  public Dialect dialect() {
    return path.dialect();
  }

  /// Whether the root key was checked against the root node. Not possible for content of a single
  /// block, nor for drafts that derived it with a secret.
  public boolean rootKeyVerified() {
    return path.rootKeyVerified();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    requireOpen();
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    if (position >= sizeBytes) {
      return -1;
    }
    int before = target.remaining();
    while (target.hasRemaining() && position < sizeBytes) {
      try {
        load(position / blockSize.bytes(), target.remaining());
      } catch (IOException e) {
        if (target.remaining() < before) {
          break; // first deliver what is good; the next read fails
        }
        throw e;
      }
      copyFromLeaves(target);
    }
    return before - target.remaining();
  }

  /// Brings `leaf` into the window, and with it what the caller asked for and what a sequential
  /// reader will ask for next.
  private void load(long leaf, int remaining) throws IOException {
    if (leaves.contains(leaf)) {
      return;
    }
    boolean sequential = leaf == leaves.end();
    int maxLeaves = Math.min(MAX_WINDOW_LEAVES, MAX_WINDOW_BYTES / blockSize.bytes());
    readAhead = sequential ? Math.min(2 * readAhead, maxLeaves) : 1;
    long lastAsked = (position + Math.min(remaining, sizeBytes - position) - 1) / blockSize.bytes();
    int asked = (int) Math.min(lastAsked - leaf + 1, maxLeaves);
    path.loadLeaves(leaf, Math.max(asked, readAhead));
  }

  private void copyFromLeaves(ByteBuffer target) {
    boolean last = leaves.contains(leaves.last()); // which may end at 2^63
    long end = last ? sizeBytes : leaves.end() * blockSize.bytes();
    long count = Math.min(end - position, target.remaining());
    target.put(leaves.bytes(position, position + count).asByteBuffer());
    position += count;
  }

  @Override
  public long position() throws ClosedChannelException {
    requireOpen();
    return position;
  }

  @Override
  public Decoder position(long newPosition) throws ClosedChannelException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition + " is negative");
    }
    position = newPosition;
    return this;
  }

  /// The size of the content, in bytes.
  @Override
  public long size() throws ClosedChannelException {
    requireOpen();
    return sizeBytes;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public Decoder truncate(long newSize) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /// Leaves the source open.
  @Override
  public void close() {
    open = false;
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
