package eris.stores;

/// What index and journal say of a reference.
///
/// @param where place and flags, as [Place] has them; [Place#NOWHERE] if there is no block
/// @param sequence of the last put or, of a block in the trash, of the move there
record Entry(long where, long sequence) {
  static final Entry NONE = new Entry(Place.NOWHERE, 0);

  /// Whether a slot is used, for whatever.
  boolean isPresent() {
    return where != Place.NOWHERE && !Place.isRemoved(where);
  }

  boolean isHeld() {
    return isPresent() && Place.isHeld(where);
  }

  boolean isInTrash() {
    return isPresent() && Place.isInTrash(where);
  }

  boolean isSetAside() {
    return isPresent() && Place.isSetAside(where);
  }

  Place place() {
    return Place.unpack(where);
  }

  /// Of the slot; 0 if there is none.
  int sizeBytes() {
    return isPresent() ? Place.size(where).bytes() : 0;
  }
}
