import CallbackRules
import Foundation

/// Runs seeds: each an office with its callers, its people and its bad luck, for some weeks.
///
/// Rules, store and stages are the daemon's own; time, spool, people and channels are simulated. A seed always does the same.
public struct Simulation: Sendable {
  /// Where stores are made, a directory each.
  public var directory: String
  /// How many lines a violation has.
  public var traceLength: Int
  /// The rules of an office.
  public var rules: @Sendable (Office) -> any RuleBook

  /// - Parameter directory: nil: on `/dev/shm` where it is there, because syncing costs nothing on a tmpfs.
  public init(
    directory: String? = nil, traceLength: Int = 60,
    rules: @escaping @Sendable (Office) -> any RuleBook = { Rules(office: $0) }
  ) {
    let memory = "/dev/shm"
    self.directory = directory ?? (access(memory, W_OK) == 0 ? memory : NSTemporaryDirectory())
    self.traceLength = traceLength
    self.rules = rules
  }

  /// - Throws: what keeps it from being simulated at all.
  public func run(seed: UInt64) throws -> Outcome {
    var template = Array("\(directory)/callbackd-simulation.XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: directory])
    }
    let path = String(cString: made)
    defer { removeDirectory(path) }
    let world = try World(seed: seed, directory: path, traceLength: traceLength, rules: rules)
    return try world.run()
  }

  private func removeDirectory(_ path: String) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) could not be removed: \(error)")
    }
  }
}
