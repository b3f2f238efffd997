import Foundation

/// What the kernel says of a process (proc_pid_status(5), proc_pid_stat(5)).
struct ProcessFacts {
  var pid: pid_t

  /// The memory it has now, in bytes.
  func residentBytes() throws -> Int { try kibibytes("VmRSS:") << 10 }

  /// What of that is its own, and not pages of its program and libraries, in bytes.
  func ownBytes() throws -> Int { try number("Anonymous:", in: "/proc/\(pid)/smaps_rollup") << 10 }

  /// The most memory it has had so far, in bytes.
  func peakResidentBytes() throws -> Int { try kibibytes("VmHWM:") << 10 }

  /// What it has used of all processors.
  func processorSeconds() throws -> Double {
    let file = "/proc/\(pid)/stat"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    // The name, in parentheses, may hold anything; user and system time are the 12th and 13th behind it.
    let words = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else {
      throw CannotMeasure("\(file) has no times")
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// How often its threads go to sleep within so many seconds, which is how often they are woken; waits for as long.
  ///
  /// Looked at each second: a thread that ends takes what it had counted since with it.
  func wakeUps(within seconds: Int) throws -> Int {
    var before = try sleeps()
    var count = 0
    for _ in 0..<seconds {
      sleep(1)
      let after = try sleeps()
      count += after.reduce(0) { $0 + $1.value - before[$1.key, default: 0] }
      before = after
    }
    return count
  }

  /// How often each of its threads has gone to sleep so far.
  private func sleeps() throws -> [String: Int] {
    let folder = "/proc/\(pid)/task"
    let threads = try FileManager.default.contentsOfDirectory(atPath: folder)
    let counts = try threads.compactMap { thread -> (String, Int)? in
      let file = "\(folder)/\(thread)/status"
      // One that has ended meanwhile.
      guard access(file, R_OK) == 0 else { return nil }
      return (thread, try number("voluntary_ctxt_switches:", in: file))
    }
    return Dictionary(uniqueKeysWithValues: counts)
  }

  private func kibibytes(_ name: String) throws -> Int { try number(name, in: "/proc/\(pid)/status") }

  private func number(_ name: String, in file: String) throws -> Int {
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let words = lines.first { $0.hasPrefix(name) }?.split { $0 == " " || $0 == "\t" } ?? []
    guard words.count > 1, let value = Int(words[1]) else { throw CannotMeasure("\(file) has no \(name)") }
    return value
  }
}
