import Foundation
import Testing

/// What an MTA pipes to: bytes into the spool, and exit codes that keep a mail from being lost.
@Suite("Taking mails in") struct TakingInTests {
  private let directory: ScratchDirectory
  private var spool: [String] { ["--spool", directory.path + "/spool"] }

  init() throws {
    directory = try ScratchDirectory()
    try directory.makeFolder("spool/incoming", mode: 0o2770)
  }

  @Test("The bytes are kept as they came, under a name that says nothing, for the folder's group to read")
  func kept() throws {
    let mail = Array("From: x\r\nSubject: a\n\n\0".utf8) + [0xFF, 0x00, 0x0D]
    #expect(try CallbackMail.run(spool, input: mail, in: directory) == .init(status: 0, errors: ""))
    let names = try directory.list("spool/incoming")
    let name = try #require(names.first)
    #expect(names.count == 1 && name.wholeMatch(of: #/mail-\d{8}T\d{6}Z-[0-9a-f]{16}\.eml/#) != nil)
    #expect(try directory.bytes("spool/incoming/\(name)") == mail)
    var status = stat()
    try #require(stat(directory.path + "/spool/incoming/" + name, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o640)
  }

  @Test("A service's mail goes into its folder, and no service leads out of the spool")
  func service() throws {
    try directory.makeFolder("spool/incoming/night-desk")
    #expect(try CallbackMail.run(spool + ["--service", "night-desk"], input: [65], in: directory).status == 0)
    #expect(try directory.list("spool/incoming/night-desk").count == 1)
    for name in ["", ".", "..", "../..", "a/b", ".hidden"] {
      #expect(try CallbackMail.run(spool + ["--service", name], input: [65], in: directory).status == 64)
    }
  }

  @Test("A folder that is missing, or may not be written, is 75, says why, and leaves nothing")
  func unwritable() throws {
    let missing = try CallbackMail.run(["--spool", directory.path + "/none"], input: [65], in: directory)
    #expect(missing.status == 75)
    #expect(
      missing.errors
        == "callback-mail: The mail could not be put into \(directory.path)/none/incoming: No such file or directory; "
        + "make the folder, or give the right --spool and --service.\n")
    // A file system that is read-only, also for root.
    let closed = try CallbackMail.run(["--spool", "/proc/self"], input: [65], in: directory)
    #expect(closed.status == 75)
    try directory.write([], to: "spool/file")
    #expect(try CallbackMail.run(["--spool", directory.path + "/spool/file"], input: [65], in: directory).status == 75)
    #expect(try directory.list("spool/incoming").isEmpty)
  }

  @Test("A full disk is 75 and leaves nothing, not even a hidden file")
  func noRoom() throws {
    let program = try CallbackMail.path
    try directory.write(Array("mail".utf8) + [UInt8](repeating: 65, count: 100_000), to: "mail")
    // A limit on the size of files stands for it; its signal is ignored, so that the call fails.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 16; exec \(program) --spool \(directory.path)/spool <\(directory.path)/mail",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    #expect(try directory.list("spool/incoming").isEmpty)
  }

  @Test("Nothing at all, and more than any message, go back to the sender with a reason")
  func noMessage() throws {
    let empty = try CallbackMail.run(spool, input: [], in: directory)
    #expect(empty == .init(status: 65, errors: "callback-mail: Standard input is empty: there is no mail in it.\n"))
    let large = try CallbackMail.run(spool, input: [UInt8](repeating: 65, count: (64 << 20) + 1), in: directory)
    #expect(large.status == 65 && large.errors.contains("larger than 64 MiB"))
    #expect(try CallbackMail.run(spool, input: [UInt8](repeating: 65, count: 64 << 20), in: directory).status == 0)
    #expect(try directory.list("spool/incoming").count == 1)
  }

  @Test(
    "A command line that can't be meant is 64",
    arguments: [["-x"], ["--spool"], ["--decode", "--service", "a"], ["mail"]])
  func usage(arguments: [String]) throws {
    let ending = try CallbackMail.run(arguments, input: [65], in: directory)
    #expect(ending.status == 64 && ending.errors.hasPrefix("callback-mail: "))
  }
}
