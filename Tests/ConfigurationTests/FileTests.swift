import CallbackConfiguration
import Foundation
import Testing

@Suite final class FileTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "callbackd-configuration-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(at: folder)
    } catch {
      Issue.record("\(folder.path()) is left behind: \(error)")
    }
  }

  /// The one problem with a file of these bytes.
  private func problem(_ bytes: [UInt8], mode: Int = 0o644) throws -> ConfigurationProblem? {
    let path = folder.appending(path: "test.toml").path()
    try Data(bytes).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return problem(path)
  }

  private func problem(_ path: String) -> ConfigurationProblem? {
    do {
      _ = try Configuration.load(file: path)
      return nil
    } catch {
      #expect(error.problems.count == 1)
      return error.problems.first
    }
  }

  @Test("a file that is not there is one problem that says what to do")
  func missing() {
    let path = folder.appending(path: "none.toml").path()
    #expect(
      problem(path)?.description
        == "\(path): there is no such file; put the configuration there, or name its path with --config")
  }

  @Test("a folder, an endless device and a pipe that nobody writes are refused at once")
  func notAFile() {
    for path in [folder.path(), "/dev/zero"] {
      #expect(problem(path)?.sentence == "this is not a file; write the path of the configuration")
    }
    let pipe = folder.appending(path: "pipe").path()
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(problem(pipe)?.sentence == "this is not a file; write the path of the configuration")
  }

  @Test("a file that everybody may write is refused, because it decides what runs")
  func writable() throws {
    let text = Array(complete("").utf8)
    #expect(try problem(text) == nil)
    #expect(try problem(text, mode: 0o664) == nil)
    #expect(try problem(text, mode: 0o646)?.sentence.contains("`chmod o-w`") == true)
  }

  @Test("a file that is far too large is refused")
  func large() throws {
    #expect(try problem([UInt8](repeating: 10, count: 1 << 20 + 1))?.sentence.contains("more than") == true)
  }

  @Test("bytes that are not UTF-8 are a problem with their line")
  func encoding() throws {
    #expect(try problem(Array("# one\n# J".utf8) + [0xF6] + Array("rg\n".utf8))?.line == 2)
  }

  @Test("a mistake in TOML is a problem with its line")
  func syntax() {
    #expect(problems("[site]\nname = \"a\nfallback = \"b\"").count == 1)
    #expect(problems("[site]\nname = \"a\nfallback = \"b\"").first?.hasPrefix("2: ") == true)
    #expect(problems("[site]\na = 1\na = 2\n").first?.hasPrefix("3: ") == true)
    #expect(problems("a = 1\0\nb = 2").first?.contains("NUL") == true)
  }

  @Test("a byte order mark and line ends of Windows make no difference")
  func windows() throws {
    let text = "\u{FEFF}" + complete("").replacingOccurrences(of: "\n", with: "\r\n")
    #expect(try read(text).configuration.office.fallback == "desk")
    #expect(
      problems(text + "\r\n[mail]\r\nparallel = 0\r\n").first?.hasPrefix("21: mail.parallel: 0 is too small") == true)
  }
}
