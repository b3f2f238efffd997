import CallbackRules
import Foundation

/// The first stage: finds files in `incoming/` and reads them; `PutAway` takes them away once they are committed.
///
/// - A scan decides what there is; hints only say when to scan, and which files are whole because they were renamed in.
/// - It trusts neither names nor contents nor times of files. What can't be read becomes an arrival all the same, with a
///   message that says why, so that somebody answers for it.
/// - It changes nothing in the spool. When anything fails, the files stay where they are and the next scan finds them again.
///
/// Confined to one queue.
public final class Spool {
  /// What it needs to know of the configuration.
  public struct Settings: Sendable {
    /// Absolute path of the spool.
    public var root: String
    public var settleSeconds: Double
    public var staleAfterSeconds: Double
    public var maxSizeBytes: Int

    public init(
      root: String, settleSeconds: Double, staleAfterSeconds: Double, maxSizeBytes: Int
    ) {
      self.root = root
      self.settleSeconds = settleSeconds
      self.staleAfterSeconds = staleAfterSeconds
      self.maxSizeBytes = maxSizeBytes
    }
  }

  public var settings: Settings
  public var reader: MessageReader
  private var incoming: DirectoryHandle?
  private var work: DirectoryHandle?
  private var scan: Scan?
  /// Files that were renamed in since the last scan began: whole, however young.
  private var renamedIn: Set<FilePlace> = []

  /// A part of what a scan found.
  public struct Batch: Sendable {
    public var arrivals: [Arrival] = []
    /// Whether the scan is complete.
    public var isLast = false
    /// The names of the folders in `incoming/`; only set in the last batch.
    public var folders: [String] = []
    /// When a file that was too young will be old enough; only set in the last batch.
    public var lookAgainAt: Date?
    /// Files that are unfinished, or open for writing, for longer than `staleAfterSeconds`; only set in the last batch.
    public var staleFiles = 0
    /// Since when the latest of these has not changed; only set in the last batch.
    public var staleSince: Date?
    /// Why a folder could not be looked into, or not whole, while the others were; only set in the last batch.
    public var problem: SpoolError?
  }

  /// At most so many files, or so many bytes, are read before they are committed, and so many entries looked at.
  private static let batchFiles = 256
  private static let batchEntries = 8192
  private static let batchBytes = 4 << 20
  /// Nor for longer than this and the last file: a mail takes as long to decode as a thousand others to read, and a share may be
  /// slow.
  private static let batchTime = Duration.seconds(2)

  public init(settings: Settings, reader: MessageReader) {
    self.settings = settings
    self.reader = reader
  }

  /// Says that a file was renamed into a folder: it is whole.
  public func noteRenamedIn(_ name: [UInt8], folder: String?) {
    // A storm of renames is found by the scan all the same, only later.
    if renamedIn.count < 10_000 { renamedIn.insert(FilePlace(.incoming(folder: folder), name: name)) }
  }

  /// Reads the next files of the scan under way, or of a new one.
  ///
  /// - Parameter now: the moment at which it is called.
  public func nextBatch(at now: Date) throws(SpoolError) -> Batch {
    if scan == nil { scan = try beginScan() }
    guard var current = scan else { preconditionFailure("a scan was begun") }
    let began = ContinuousClock.now
    var batch = Batch()
    var bytes = 0
    var entries = 0
    while batch.arrivals.count < Self.batchFiles, bytes < Self.batchBytes, entries < Self.batchEntries,
      ContinuousClock.now - began < Self.batchTime
    {
      entries += 1
      guard let (entry, folder) = current.next() else {
        batch.isLast = true
        break
      }
      // Not one moment for all: looking may take long on a share, and a file written meanwhile would seem to come from the
      // future, and to have settled.
      let moment = now.addingTimeInterval((ContinuousClock.now - began) / .seconds(1))
      guard let arrival = look(at: entry, in: folder, scan: &current, now: moment) else { continue }
      bytes += arrival.original.count
      batch.arrivals.append(arrival)
    }
    if batch.isLast {
      scan = nil
      batch.folders = current.folders
      batch.lookAgainAt = current.lookAgainAt
      batch.staleFiles = current.staleFiles
      batch.staleSince = current.staleSince
      batch.problem = current.problem
    } else {
      scan = current
    }
    return batch
  }

  private func beginScan() throws(SpoolError) -> Scan {
    let incoming = try known(self.incoming, SpoolLayout.incoming)
    let work = try known(self.work, SpoolLayout.work)
    (self.incoming, self.work) = (incoming, work)
    let hints = renamedIn
    renamedIn = []
    return Scan(incoming: incoming, work: work, renamedIn: hints)
  }

  /// The directory as it was opened, if its path still leads there; else opened anew.
  private func known(_ handle: DirectoryHandle?, _ name: String) throws(SpoolError) -> DirectoryHandle {
    if let handle, handle.isInPlace { return handle }
    return try DirectoryHandle(path: settings.root + "/" + name)
  }

  /// Reads one entry, or decides to leave it alone for now.
  private func look(at entry: DirectoryListing.Entry, in folder: Scan.Folder, scan: inout Scan, now: Date) -> Arrival? {
    let name = entry.name.cString
    let place = FilePlace(folder.place, name: entry.name)
    guard let age = SpoolFile.ageSeconds(of: name, in: folder.directory, now: now) else { return nil }
    let isStale = age > settings.staleAfterSeconds
    if FileName.isUnfinished(entry.name) {
      if isStale { scan.foundStale(since: now.addingTimeInterval(-age)) }
      return nil
    }
    // A clock set back makes files seem to come from the future; they have settled as well.
    let isYoung = (0..<settings.settleSeconds).contains(age)
    if isYoung, !scan.renamedIn.contains(place), !renamedIn.contains(place) {
      scan.look(againAt: now.addingTimeInterval(settings.settleSeconds - age))
      return nil
    }
    let file = SpoolFile.look(
      at: name, in: folder.directory, maxSizeBytes: settings.maxSizeBytes,
      mustBeSure: folder.place == .work && abs(age) < PutAway.lingerSeconds)
    switch file {
    case .read(let identity, let bytes, let modifiedAt):
      let parts = reader.read(bytes, from: source(place, modifiedAt: modifiedAt, now: now))
      return Arrival(identity: identity, place: place, original: bytes, parts: parts)
    case .unreadable(let identity, let reason, let modifiedAt):
      let message = reader.unreadable(reason, from: source(place, modifiedAt: modifiedAt, now: now))
      return Arrival(
        identity: identity, place: place, original: [], parts: [Arrival.Part(message: message, original: [])])
    case .notNow:
      if isStale { scan.foundStale(since: now.addingTimeInterval(-age)) }
      scan.look(againAt: now.addingTimeInterval(max(settings.settleSeconds, 1)))
      return nil
    }
  }

  private func source(_ place: FilePlace, modifiedAt: Date, now: Date) -> MessageSource {
    var folder: String?
    if case .incoming(let name) = place.directory { folder = name }
    return MessageSource(folderService: folder, modifiedAt: modifiedAt, arrivedAt: now)
  }
}
