import Glibc

/// Reads the configuration's text.
///
/// Trusts nobody but the file's owner and group: whoever may write the file decides which programs run with the patients' data,
/// so a file that everybody may write is refused. What fails becomes one problem that says what to do.
enum ConfigurationFile {
  /// More than any office's configuration; keeps a wrong path (a device, a log) from filling the memory.
  private static let mostBytes = 1 << 20

  static func text(_ path: String) throws(ConfigurationError) -> String {
    func failure(_ sentence: String, line: Int? = nil) -> ConfigurationError {
      ConfigurationError(problems: [ConfigurationProblem(file: path, line: line, sentence: sentence)])
    }
    // Not blocking, so that a pipe by this name holds nobody up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(sentence(errno)) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(sentence(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw failure("this is not a file; write the path of the configuration")
    }
    guard status.st_mode & S_IWOTH == 0 else {
      throw failure("everybody may write this file, and with it decide what runs; `chmod o-w` it")
    }
    guard status.st_size <= mostBytes else {
      throw failure("this has more than \(mostBytes) bytes; write the path of the configuration")
    }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= mostBytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(sentence(errno)) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    if let line = firstLineNotUTF8(bytes) {
      throw failure("this line has a character that is not UTF-8; save the file as UTF-8", line: line)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func sentence(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file; put the configuration there, or name its path with --config"
    case EACCES: "it may not be read; let the daemon's group read it: `chgrp callbackd` and `chmod 640`"
    default: "it can't be read (\(String(cString: strerror(code)))); mend that, or name another path with --config"
    }
  }

  private static func firstLineNotUTF8(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
  }
}
