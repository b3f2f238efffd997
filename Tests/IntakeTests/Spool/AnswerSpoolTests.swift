import CallbackRules
import Foundation
import Testing

@testable import CallbackIntake

/// Mails in `answers/`: found, decoded, put away.
@Suite("The folder of answers") struct AnswerSpoolTests {
  private let scene: SpoolScene
  private let spool: AnswerSpool

  init() throws {
    scene = try SpoolScene()
    spool = AnswerSpool(
      root: scene.root,
      decode: { bytes in
        switch String(decoding: bytes, as: UTF8.self) {
        case "broken": .failure(MailTrouble("it broke"))
        case "no program": .failure(MailTrouble("no program", isOfProgram: true))
        case let text: .success(AnswerMail(text: text))
        }
      })
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scene.root + "/" + folder).sorted()
  }

  @Test("Whole mails are found, and removed as they were read")
  func found() throws {
    try scene.put("one.eml", "one", in: "answers")
    try scene.put(".two.eml.tmp", "two", in: "answers")
    let look = try spool.look()
    #expect(look.found.map { $0.mail?.text } == ["one"] && !look.isMore && !look.isAnyLeft && look.problem == nil)
    try spool.remove(look.found[0])
    // Again after a crash.
    try spool.remove(look.found[0])
    #expect(try names("answers") == [".two.eml.tmp"] && spool.look().found.isEmpty)
  }

  @Test("One that was swapped since it was read stays")
  func swapped() throws {
    try scene.put("one.eml", "one", in: "answers")
    let found = try #require(try spool.look().found.first)
    try FileManager.default.removeItem(atPath: scene.root + "/answers/one.eml")
    try scene.put("one.eml", "another", in: "answers")
    try spool.remove(found)
    try spool.reject(found, as: 1, because: "It was another.")
    #expect(try spool.look().found.map { $0.mail?.text } == ["another"])
  }

  @Test("What belongs to nothing is kept in rejected/ with its reason, once")
  func rejected() throws {
    try scene.put("a b\u{1B}.eml", "one", in: "answers")
    let found = try #require(try spool.look().found.first)
    for _ in 1...2 { try spool.reject(found, as: 12, because: "It answers no mail that was sent.") }
    #expect(try names("rejected") == ["a_b_.eml.answer12", "a_b_.eml.answer12.reason"])
    #expect(try names("answers").isEmpty)
    let reason = try String(contentsOfFile: scene.root + "/rejected/a_b_.eml.answer12.reason", encoding: .utf8)
    #expect(reason == "It answers no mail that was sent.\n")
  }

  @Test("A mail that can't be decoded is tried again, then is one without a mail")
  func broken() throws {
    try scene.put("one.eml", "broken", in: "answers")
    for _ in 1...2 {
      let look = try spool.look()
      #expect(look.found.isEmpty && look.isAnyLeft && look.problem == nil)
    }
    let found = try #require(try spool.look().found.first)
    #expect(found.mail == nil && found.problem == "The mail could not be decoded: it broke.")
  }

  @Test("Where nothing can be decoded, all mails stay, and it is said why")
  func noProgram() throws {
    try scene.put("one.eml", "no program", in: "answers")
    for _ in 1...5 {
      let look = try spool.look()
      #expect(look.found.isEmpty && look.problem == "no program")
    }
    #expect(try names("answers") == ["one.eml"])
  }

  @Test("Links, pipes and folders are answered for unopened")
  func odd() throws {
    let folder = scene.root + "/answers/"
    try FileManager.default.createSymbolicLink(atPath: folder + "link", withDestinationPath: "/etc/passwd")
    try #require(mkfifo(folder + "pipe", 0o644) == 0)
    try FileManager.default.createDirectory(atPath: folder + "folder", withIntermediateDirectories: false)
    let look = try spool.look()
    #expect(look.found.count == 3 && look.found.allSatisfy { $0.mail == nil && $0.problem != nil })
    for (number, found) in look.found.enumerated() {
      try spool.reject(found, as: Int64(number), because: found.problem ?? "")
    }
    #expect(try names("answers").isEmpty && names("rejected").count == 6)
    #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
  }

  @Test("A flood is read some at a time")
  func flood() throws {
    for number in 1...100 { try scene.put("\(number).eml", "\(number)", in: "answers") }
    var seen: Set<String> = []
    var isMore = true
    while isMore {
      let look = try spool.look()
      isMore = look.isMore
      #expect(look.found.count <= 32)
      for found in look.found {
        seen.insert(found.mail?.text ?? "")
        try spool.remove(found)
      }
    }
    #expect(seen.count == 100)
  }

  @Test("A folder that is gone is trouble, and is taken up again when it is back")
  func gone() throws {
    let folder = scene.root + "/answers"
    try scene.put("one.eml", "one", in: "answers")
    #expect(try spool.look().found.count == 1)
    try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
    #expect(throws: SpoolError.self) { try spool.look() }
    try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
    #expect(try spool.look().found.count == 1)
  }
}
