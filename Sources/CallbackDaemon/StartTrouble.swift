import CallbackConfiguration
import CallbackDelivery
import CallbackRules
import Foundation
import Logging

/// A store that can't be opened ends the daemon at each start: of that, too, the fallback is told past the store.
///
/// A daemon that ends knows nothing of the ones before. Since when they fail, and when that was told last, are the times of two
/// files in the run directory, which needs no room on a disk. Where these can't be made nobody is told, or it would be at
/// every start.
public struct StartTrouble {
  private let directory: String
  private let alarmAfterSeconds: Double

  private static let longestPatienceSeconds = 30.0
  private static let againSeconds = 3600.0

  private var failed: String { directory + "/store-failed" }
  private var told: String { directory + "/store-told" }

  public init(_ configuration: Configuration) {
    directory = configuration.paths.run
    alarmAfterSeconds = min(Double(configuration.alarmAfter.seconds), Self.longestPatienceSeconds)
  }

  /// Notes a start that failed, and tells the fallback where they have failed for long.
  ///
  /// - Returns: sentences for the log.
  public func note(
    _ error: StartError, _ configuration: Configuration, templates: NoticeTemplates, at now: Date
  ) -> [String] {
    guard error.isOfStore else { return [] }
    guard let since = time(of: failed) else { return touch(failed, at: now) }
    guard now.timeIntervalSince(since) >= alarmAfterSeconds else { return [] }
    if let last = time(of: told), (0..<Self.againSeconds).contains(now.timeIntervalSince(last)) { return [] }
    let problems = touch(told, at: now)
    guard problems.isEmpty else { return problems }
    let office = configuration.office
    let deliverer = Deliverer(configuration, templates: templates, host: ProcessInfo.processInfo.hostName)
    let result = TaskResult {
      await deliverer.tellDirectly(
        Alarm(.storageTrouble, from: since, until: now),
        people: office.people(for: office.fallback, at: now).map(\.id),
        token: String(UInt64.random(in: 0...UInt64.max), radix: 16), now: now)
    }.wait()
    if result.delivered > 0 { return ["the fallback was told that callbackd can't open its store."] + result.problems }
    // The next start tries again.
    unlink(told)
    return result.problems
  }

  /// Ends it after a start that went well.
  ///
  /// - Returns: since when the starts before had failed, where the fallback was told of that.
  func end() -> Date? {
    let since = time(of: told) == nil ? nil : time(of: failed)
    unlink(failed)
    unlink(told)
    return since
  }

  private func time(of file: String) -> Date? {
    var status = stat()
    guard lstat(file, &status) == 0 else { return nil }
    return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
  }

  /// Says why where it can't.
  private func touch(_ file: String, at now: Date) -> [String] {
    let time = timespec(tv_sec: Int(now.timeIntervalSince1970), tv_nsec: 0)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, futimens(descriptor, [time, time]) == 0 else {
      return [
        "\(file) can't be made: \(String(cString: strerror(errno))). Nobody is told that the store can't be opened."
      ]
    }
    return []
  }
}
