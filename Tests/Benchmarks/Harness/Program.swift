import Foundation

/// A program that runs to its end.
struct Program {
  var path: String
  var arguments: [String]
  var environment: [String: String] = [:]

  /// Seconds from its start until it has ended well; what it prints goes nowhere.
  @discardableResult
  func time() throws(CannotMeasure) -> Double { try run(output: nil).seconds }

  /// What it prints.
  func output() throws -> String {
    let file = NSTemporaryDirectory() + "/callbackd-bench-\(UInt32.random(in: 0...UInt32.max))"
    defer { unlink(file) }
    try run(output: file)
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  @discardableResult
  private func run(output: String?) throws(CannotMeasure) -> (seconds: Double, pid: pid_t) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [strdup("PATH=/usr/bin:/bin"), nil]
    defer { for word in words + settings { free(word) } }
    var pid: pid_t = 0
    let start = ContinuousClock.now
    let code = posix_spawn(&pid, path, &actions, nil, &words, &settings)
    guard code == 0 else { throw CannotMeasure("can't start \(path): \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let seconds = start.duration(to: .now) / .seconds(1)
    guard status == 0 else {
      throw CannotMeasure("\(path) \(arguments.joined(separator: " ")) ended with the wait status \(status)")
    }
    return (seconds, pid)
  }
}
