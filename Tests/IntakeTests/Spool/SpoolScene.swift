import CallbackRules
import Foundation
import Testing

@testable import CallbackIntake

/// A real spool in a temporary directory, with numbers given as a store would give them.
final class SpoolScene {
  /// A message that can be understood.
  static let message = "To: rivera\nCallback: 555 010 4477\nCaller: Ann\n\nPlease ring.\n"

  let root: String
  let spool: Spool
  let away: PutAway
  let receiptWriter: ReceiptWriter
  private let receipts: Bool
  private var lastNumber: Int64 = 0
  private var lastArrival: Int64 = 0

  init(settle: Double = 0, receipts: Bool = true, maxSizeBytes: Int = 4096) throws {
    // Sent to whoever holds a read lease when somebody opens the file for writing.
    signal(SIGIO, SIG_IGN)
    var template = Array((NSTemporaryDirectory() + "/callbackd.XXXXXX").utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    root = directory + "/spool"
    try SpoolLayout.create(at: root)
    let settings = Spool.Settings(
      root: root, settleSeconds: settle, staleAfterSeconds: 3600, maxSizeBytes: maxSizeBytes)
    self.receipts = receipts
    away = PutAway(root: root)
    receiptWriter = ReceiptWriter(root: root)
    spool = Spool(settings: settings, reader: MessageReader(office: Self.office))
  }

  deinit {
    let directory = (root as NSString).deletingLastPathComponent
    do { try FileManager.default.removeItem(atPath: directory) } catch { Issue.record(error) }
  }

  static var office: Office {
    Office(
      name: "Riverside", zone: .utc, fallback: "manager",
      policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) },
      services: [Service(id: "night-desk", phone: "+1 555 010 9000")])
  }

  // MARK: What senders do

  /// Writes a file with this name, whatever its bytes are, and closes it.
  func put(_ name: [UInt8], _ text: String = message, in folder: String = "incoming") throws {
    let descriptor = open(path(folder, name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(descriptor >= 0, "\(String(cString: strerror(errno)))")
    defer { close(descriptor) }
    #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
  }

  func put(_ name: String, _ text: String = message, in folder: String = "incoming") throws {
    try put(Array(name.utf8), text, in: folder)
  }

  func makeFolder(_ name: String) throws {
    try #require(mkdir(root + "/" + name, 0o775) == 0, "\(String(cString: strerror(errno)))")
  }

  /// Opens a file for appending to it; to be closed by the test.
  func openToAppend(_ path: String) throws -> Int32 {
    let descriptor = open(root + "/" + path, O_WRONLY | O_APPEND)
    try #require(descriptor >= 0)
    return descriptor
  }

  // MARK: What the daemon does

  /// A whole scan: all that it found, and its last batch.
  func scan(secondsFromNow: Double = 0) throws -> (arrivals: [Arrival], last: Spool.Batch) {
    var arrivals: [Arrival] = []
    while true {
      let batch = try spool.nextBatch(at: Date().addingTimeInterval(secondsFromNow))
      arrivals += batch.arrivals
      if batch.isLast { return (arrivals, batch) }
    }
  }

  /// The one file that a scan finds.
  func onlyArrival(secondsFromNow: Double = 0) throws -> Arrival {
    let arrivals = try scan(secondsFromNow: secondsFromNow).arrivals
    try #require(arrivals.count == 1)
    return arrivals[0]
  }

  func admit(_ arrival: Arrival) -> Admission {
    lastArrival += 1
    let callbacks = arrival.parts.map { part in
      lastNumber += 1
      let message = part.message
      var callback = Callback(
        kind: message.problem == nil ? .message : .unreadable, message: message, recipient: "rivera",
        admittedAt: Date(),
        dueAt: Date())
      callback.id = lastNumber
      return callback
    }
    return Admission(arrival: lastArrival, identity: arrival.identity, place: arrival.place, callbacks: callbacks)
  }

  @discardableResult
  func putAway(_ arrival: Arrival) throws -> PutAway.Outcome {
    try putAway(admit(arrival))
  }

  @discardableResult
  func putAway(
    _ admission: Admission, isRecovery: Bool = false, secondsFromNow: Double = 0
  ) throws -> PutAway.Outcome {
    let outcome = try away(admission, isRecovery: isRecovery, at: Date().addingTimeInterval(secondsFromNow))
    if receipts { try receiptWriter.write(Receipt(for: admission, office: Self.office)) }
    return outcome
  }

  // MARK: What is there

  func path(_ folder: String, _ name: [UInt8]) -> [CChar] {
    (Array((root + "/" + folder + "/").utf8) + name).cString
  }

  /// The names in a directory of the spool, sorted; whatever is not UTF-8 in them is replaced.
  func names(in folder: String) throws -> [String] {
    let listing = try DirectoryListing(DirectoryHandle(path: root + "/" + folder))
    var names: [String] = []
    while let entry = try listing.next() { names.append(String(decoding: entry.name, as: UTF8.self)) }
    return names.sorted()
  }

  func text(of path: String) throws -> String { try String(contentsOfFile: root + "/" + path, encoding: .utf8) }

  func status(of path: String) throws -> stat {
    var status = stat()
    try #require(lstat(path.hasPrefix("/") ? path : root + "/" + path, &status) == 0)
    return status
  }
}

extension Arrival {
  var text: String { String(decoding: original, as: UTF8.self) }
  var nameText: String { String(decoding: place.name, as: UTF8.self) }
  var problem: String? { parts.first?.message.problem }
}
