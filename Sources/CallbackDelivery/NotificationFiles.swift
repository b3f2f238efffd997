import ChildProcesses
import Foundation

/// The notification files of a daemon: each is written when its notice is handed over, or before, where that has to wait.
///
/// What is written before is not written again unless it says something else by then, so that whoever watches the folder reads
/// it once.
///
/// `@unchecked Sendable`: `state` is touched with `condition` locked.
public final class NotificationFiles: @unchecked Sendable {
  private let file: NotificationFile
  private let condition = NSCondition()
  private var state = State()

  private struct State {
    /// What is to be written before it is handed over, by the number of its notice.
    var waiting: Set<Int64> = []
    /// What is being written so.
    var underWay: Set<Int64> = []
    /// What was, by a hash of what it says.
    var early: [Int64: Int] = [:]
  }

  /// Of so many it is known that they were written before; one that is forgotten is only written again.
  private static let mostEarly = 4096

  /// - Parameter directory: absolute path of the folder that they are written into; must exist.
  public init(directory: String) {
    file = NotificationFile(directory: directory)
  }

  /// Writes the file of a notice that is handed over now.
  func write(_ json: [UInt8], of notice: OutgoingNotice) throws(FileFailure) {
    guard take(notice) != json.hashValue else { return }
    try file.write(json, number: notice.number)
  }

  /// Has the files of these notices written by `writeEarly`, but for those that are handed over before.
  ///
  /// To be called before any of them can be handed over: it would be written twice, and by two at once.
  func willWriteEarly(_ notices: [OutgoingNotice]) {
    condition.withLock { state.waiting.formUnion(notices.map(\.number)) }
  }

  /// Writes the files of notices that have to wait until they are handed over, but for those that are meanwhile.
  ///
  /// What can't be written is left to the hand-over, which tries it again and says why.
  func writeEarly(_ notices: [OutgoingNotice], json: (OutgoingNotice) -> [UInt8]) {
    for notice in notices where begin(notice.number) {
      let bytes = json(notice)
      do throws(FileFailure) {
        try file.write(bytes, number: notice.number)
        end(notice.number, saying: bytes.hashValue)
      } catch {
        end(notice.number, saying: nil)
      }
    }
  }

  private func begin(_ number: Int64) -> Bool {
    condition.withLock {
      guard state.waiting.remove(number) != nil else { return false }
      state.underWay.insert(number)
      return true
    }
  }

  private func end(_ number: Int64, saying hash: Int?) {
    condition.withLock {
      state.underWay.remove(number)
      if state.early.count >= Self.mostEarly { state.early = [:] }
      state.early[number] = hash
      condition.broadcast()
    }
  }

  /// Has nobody else write what is handed over, nor the parts of it, and gives what its file says already.
  private func take(_ notice: OutgoingNotice) -> Int? {
    let numbers = Set([notice.number] + notice.parts)
    return condition.withLock {
      state.waiting.subtract(numbers)
      while !state.underWay.isDisjoint(with: numbers) { condition.wait() }
      let said = state.early[notice.number]
      for number in numbers { state.early[number] = nil }
      return said
    }
  }
}

extension OutgoingNotice {
  /// The numbers of the notices about callbacks in it.
  fileprivate var parts: [Int64] {
    if case .callbacks(let items) = content { items.map(\.number) } else { [] }
  }
}
