import CallbackRules

/// A file that came in, as it was read.
public struct Arrival: Sendable {
  public var identity: FileIdentity
  public var place: FilePlace
  /// The bytes that were read; empty where they could not be.
  public var original: [UInt8]
  /// One for each message in it, at least one.
  public var parts: [Part]

  /// One message of a file.
  public struct Part: Sendable {
    public var message: Message
    /// The bytes that are kept with it: the file's, or of a batch those of its row.
    public var original: [UInt8]

    public init(message: Message, original: [UInt8]) {
      self.message = message
      self.original = original
    }
  }

  public init(identity: FileIdentity, place: FilePlace, original: [UInt8], parts: [Part]) {
    self.identity = identity
    self.place = place
    self.original = original
    self.parts = parts
  }
}

/// Where a file was found.
public struct FilePlace: Sendable, Hashable {
  public var directory: Directory
  /// As the file system has it, which need not be UTF-8. A file's name is patient data.
  public var name: [UInt8]

  public enum Directory: Sendable, Hashable {
    /// `incoming/`, or the folder of a service in it.
    case incoming(folder: String?)
    /// `work/`: a file that changed while it was in hand.
    case work
  }

  public init(_ directory: Directory, name: [UInt8]) {
    self.directory = directory
    self.name = name
  }
}

/// What tells one file from another and from its own later states.
///
/// The time of the last change of its inode is not among them: renaming a file changes it on ext4. Nor is the device: its
/// number may be another after a reboot.
public struct FileIdentity: Sendable, Hashable {
  public var inode: UInt64
  public var sizeBytes: Int64
  /// Time of the last modification, in nanoseconds since 1970, the overflow of far years cut off: to be compared only.
  public var modifiedNanoseconds: Int64

  public init(inode: UInt64, sizeBytes: Int64, modifiedNanoseconds: Int64) {
    self.inode = inode
    self.sizeBytes = sizeBytes
    self.modifiedNanoseconds = modifiedNanoseconds
  }
}

/// What became of a file: it is committed, and now has to be put away and answered for.
public struct Admission: Sendable {
  /// The number under which the file is in hand.
  public var arrival: Int64
  public var identity: FileIdentity
  public var place: FilePlace
  /// What was made of its messages, or found to be the same; none where it holds lists alone.
  public var callbacks: [Callback]
  /// What became of its lists, in their order.
  public var lists: [ListAnswer]

  public init(
    arrival: Int64, identity: FileIdentity, place: FilePlace, callbacks: [Callback], lists: [ListAnswer] = []
  ) {
    self.arrival = arrival
    self.identity = identity
    self.place = place
    self.callbacks = callbacks
    self.lists = lists
  }
}
