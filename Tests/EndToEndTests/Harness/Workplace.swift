import Foundation
import Testing

/// A place for one daemon: a directory with its spool, state, run, configuration, mails and log.
///
/// Short, because a socket's path is bounded. Gone with the test.
final class Workplace {
  let root: String
  private var made = 0

  /// - Parameters:
  ///   - office: what the configuration says.
  ///   - mode: of the directory; others may not look in, unless a test is about them.
  init(_ office: OfficeText = OfficeText(), mode: mode_t = 0o700) throws {
    var template = Array("/tmp/callbackd-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try #require(chmod(root, mode) == 0)
    for directory in ["spool", "spool/incoming", "mails", "drop"] { try make(directory: directory) }
    try configure(office)
    try sendmail(ScriptedSendmail())
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: root)
    } catch {
      Issue.record("\(root) can't be removed: \(error)")
    }
  }

  var configuration: String { root + "/callbackd.toml" }
  var control: String { root + "/run/control" }

  /// A path that nothing has yet.
  func newPath(_ name: String) -> String {
    made += 1
    return "\(root)/\(name).\(made)"
  }

  private func make(directory: String) throws {
    try FileManager.default.createDirectory(atPath: root + "/" + directory, withIntermediateDirectories: true)
  }

  // MARK: - Configuration

  func configure(_ office: OfficeText) throws { try configure(text: office.text(root: root)) }

  func configure(text: String) throws { try replace(configuration, with: text) }

  func sendmail(_ scripted: ScriptedSendmail) throws {
    try sendmail(script: scripted.script(keepingIn: root + "/mails"))
  }

  /// Puts another script in place; one that runs already goes on as it was.
  func sendmail(script: String) throws { try self.script("sendmail", script) }

  /// Puts a program into the place.
  func script(_ name: String, _ text: String) throws { try replace(root + "/" + name, with: text, mode: 0o755) }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

  private func replace(_ path: String, with text: String, mode: mode_t = 0o644) throws {
    let new = newPath("new")
    try Data(text.utf8).write(to: URL(fileURLWithPath: new))
    try #require(chmod(new, mode) == 0 && rename(new, path) == 0)
  }

  // MARK: - The spool

  /// Puts a message into the spool as writers should: whole, by a rename.
  func drop(_ text: String, as name: String = "message.txt") throws { try drop(Array(text.utf8), as: Array(name.utf8)) }

  func drop(_ bytes: [UInt8], as name: [UInt8]) throws {
    let whole = newPath("drop/whole")
    // Not by Data: a program that another test starts at that moment would have the file open for as long as it runs, and the
    // daemon leaves alone what somebody may still write.
    let file = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    try #require(file >= 0)
    let count = write(file, bytes, bytes.count)
    close(file)
    try #require(count == bytes.count)
    try moveIntoSpool(whole, as: name)
  }

  /// Renames what is at `path`, whatever it is.
  func moveIntoSpool(_ path: String, as name: [UInt8]) throws {
    let target = Array("\(root)/spool/incoming/".utf8) + name + [0]
    try #require(rename(path, target.map { CChar(bitPattern: $0) }) == 0)
  }

  /// The names in a directory of the place, sorted.
  func names(in directory: String) throws -> [String] {
    // One that is written byte by byte may be no UTF-8, on which Foundation would trap or leave it out.
    guard let stream = opendir(root + "/" + directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)"))) }

  func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// Whether neither `incoming/` nor `work/` holds anything.
  var isSpoolEmpty: Bool {
    get throws { try names(in: "spool/incoming").isEmpty && names(in: "spool/work").isEmpty }
  }

  var receipts: [String] {
    get throws { try names(in: "spool/accepted").filter { $0.hasSuffix(".receipt") } }
  }

  /// By the number of their notice.
  var notifications: [NotificationFile] {
    get throws {
      try names(in: "spool/notifications").filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.map { name in
        try JSONDecoder().decode(NotificationFile.self, from: Data(try bytes("spool/notifications/\(name)")))
      }.sorted { $0.notice < $1.notice }
    }
  }

  /// When a file was last written.
  func modified(_ path: String) throws -> Date {
    var status = stat()
    try #require(stat(root + "/" + path, &status) == 0)
    return Date(
      timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1_000_000_000)
  }

  /// Makes it seem that the daemon was last alive so long ago.
  func age(lockBy seconds: TimeInterval) throws {
    let time = timespec(tv_sec: Int(Date().timeIntervalSince1970 - seconds), tv_nsec: 0)
    try #require(utimensat(AT_FDCWD, root + "/state/lock", [time, time], 0) == 0)
  }

  // MARK: - What went out

  /// What sendmail was given, the oldest first; without the mails that show that mails go out.
  var mails: [CapturedMail] {
    get throws { try allMails.filter { !$0.isCanary } }
  }

  var allMails: [CapturedMail] {
    get throws { try captured(in: "mails") }
  }

  /// What a script of `ScriptedSendmail` kept in a directory of the place, the oldest first.
  func captured(in directory: String) throws -> [CapturedMail] {
    try names(in: directory).filter { $0.hasSuffix(".mail") }.map { name in
      let path = "\(directory)/\(name)"
      let words = try bytes("\(path.dropLast(5)).args").split(separator: 0, omittingEmptySubsequences: false)
      return CapturedMail(
        arguments: words.dropLast().map(Array.init), bytes: try bytes(path), at: try modified(path))
    }.sorted { $0.at < $1.at }
  }

  func mails(to address: String) throws -> [CapturedMail] { try mails.filter { $0.recipient == address } }

  // MARK: - The log

  /// What all daemons here have written to standard error.
  var logBytes: [UInt8] {
    // Before the first daemon there is none.
    FileManager.default.contents(atPath: root + "/log").map(Array.init) ?? []
  }

  var log: String { String(decoding: logBytes, as: UTF8.self) }

  func appendToLog() throws -> FileHandle {
    let descriptor = open(root + "/log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
