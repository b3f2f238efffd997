import Foundation
import Testing

/// What is done to a daemon's surroundings: mounts that only it sees, rights and limits that it lacks.
enum Surroundings {
  /// Whether this process may make mount namespaces and mounts in them, as root in most places may.
  static let mayMount = succeeds("unshare", ["-m", "sh", "-c", "mount -t tmpfs none /mnt"])
  /// Whether it may give up single rights of root.
  static let mayGiveUpRights = geteuid() == 0 && succeeds("setpriv", ["--bounding-set=-lease", "true"])
  /// Whether it may have a user namespace with limits of its own.
  static let mayLimit = succeeds("unshare", ["-U", "-r", "sh", "-c", "echo 0 >/proc/sys/user/max_inotify_instances"])

  /// A wrapper that runs a line of shell in a mount namespace of the daemon's own first.
  static func mounting(_ shell: String) -> [String] {
    ["/usr/bin/unshare", "-m", "/bin/sh", "-ec", shell + #"; exec "$@""#, "sh"]
  }

  /// A wrapper that leaves the daemon root, but without the right to get past owners and modes.
  static let withoutOverride = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search"]

  /// A wrapper that sets a limit of the daemon's own user namespace first.
  static func limiting(_ limit: String, to count: Int) -> [String] {
    ["/usr/bin/unshare", "-U", "-r", "/bin/sh", "-ec", "echo \(count) >/proc/sys/user/\(limit); exec \"$@\"", "sh"]
  }

  private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return false
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

extension DaemonProcess {
  /// A path as the daemon sees it, through its own mounts.
  func seen(_ path: String) -> String { "/proc/\(pid)/root\(path)" }

  /// Runs a line of shell among the daemon's mounts.
  func among(_ shell: String, in place: Workplace) async throws {
    let run = try await Run("/usr/bin/nsenter", ["-t", "\(pid)", "-m", "/bin/sh", "-ec", shell], in: place)
    try #require(run.status == 0, "\(run.errors)")
  }
}
