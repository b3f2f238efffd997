import Glibc

/// Reads the text of the configuration, or of a file that belongs to it.
///
/// Trusts nobody but the file's owner and group: whoever may write the file decides which programs run with the patients' data,
/// so a file that everybody may write is refused. What fails becomes one problem that says what to do.
package enum ConfigurationFile {
  /// What a file is for, which says how much it may hold.
  package enum Purpose: Equatable {
    case configuration
    case template(mostBytes: Int)

    /// More than any office needs; keeps a wrong path (a device, a log) from filling the memory.
    fileprivate var mostBytes: Int {
      switch self {
      case .configuration: 1 << 20
      case .template(let mostBytes): mostBytes
      }
    }

    fileprivate var instead: String {
      switch self {
      case .configuration: "write the path of the configuration"
      case .template: "put a template there, or move it away"
      }
    }

    fileprivate var danger: String {
      switch self {
      case .configuration: "with it decide what runs"
      case .template: "with it what mails say"
      }
    }
  }

  package static func text(
    _ path: String, of purpose: Purpose = .configuration
  ) throws(ConfigurationError) -> String {
    let mostBytes = purpose.mostBytes
    func failure(_ sentence: String, line: Int? = nil) -> ConfigurationError {
      ConfigurationError(problems: [ConfigurationProblem(file: path, line: line, sentence: sentence)])
    }
    // Not blocking, so that a pipe by this name holds nobody up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(sentence(errno, purpose)) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(sentence(errno, purpose)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw failure("this is not a file; \(purpose.instead)")
    }
    guard status.st_mode & S_IWOTH == 0 else {
      throw failure("everybody may write this file, and \(purpose.danger); `chmod o-w` it")
    }
    guard status.st_size <= mostBytes else {
      throw failure("this has more than \(mostBytes) bytes; \(purpose.instead)")
    }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= mostBytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(sentence(errno, purpose)) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    if let line = firstLineNotUTF8(bytes) {
      throw failure("this line has a character that is not UTF-8; save the file as UTF-8", line: line)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func sentence(_ code: Int32, _ purpose: Purpose) -> String {
    switch code {
    case ENOENT where purpose == .configuration:
      "there is no such file; put the configuration there, or name its path with --config"
    case EACCES: "it may not be read; let the daemon's group read it: `chgrp callbackd` and `chmod 640`"
    default:
      "it can't be read (\(String(cString: strerror(code)))); mend that, or "
        + (purpose == .configuration ? "name another path with --config" : "move it away")
    }
  }

  private static func firstLineNotUTF8(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
  }
}
