import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

/// Unguessable words for each field of a message.
enum Secrets {
  /// Puts one into each field and returns them.
  static func fill(_ callback: inout Callback) -> [String] {
    var secrets: [String] = []
    func secret() -> String {
      let word = "s" + String(UInt64.random(in: 1 << 60...UInt64.max), radix: 36)
      secrets.append(word)
      return word
    }
    var message = callback.message
    message.problem = secret()
    message.unknownAccount = secret()
    message.to = secret()
    message.caller = secret()
    message.relationship = secret()
    message.callback = PhoneNumber(written: "555 " + secret(), digits: "15550104477")
    message.patient = secret()
    message.dateOfBirth = secret()
    message.language = secret()
    message.operatorName = secret()
    message.ref = secret()
    message.regarding = secret()
    message.body = secret()
    message.otherFields = [Message.OtherField(name: secret(), value: secret())]
    message.notes = [secret()]
    callback.message = message
    return secrets
  }
}

@Suite("Patients' data")
struct PrivacyTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  /// What of these stands in the mail or in the file.
  private func leaks(of secrets: [String], in notice: OutgoingNotice) throws -> [String] {
    let mail = try scene.compose(notice)
    let said = mail + Scene.part("plain", of: mail) + Scene.part("html", of: mail) + scene.file(notice)
    return secrets.filter { said.contains($0) }
  }

  @Test(
    "with detail minimal, no word of the message stands in a mail or file, whatever it is about",
    arguments: Notice.Reason.allCases)
  func single(reason: Notice.Reason) throws {
    var item = Scene.item(reason)
    let secrets = Secrets.fill(&item.callback)
    for kind in [Callback.Kind.message, .unreadable] {
      item.callback.kind = kind
      for owner in [nil, "rivera", "chen"] {
        item.callback.owner = owner
        #expect(try leaks(of: secrets, in: item).isEmpty, "\(kind), \(owner ?? "nobody")")
      }
    }
  }

  @Test("with detail minimal, no word of any message stands in a digest")
  func digest() throws {
    var secrets: [String] = []
    let items = Notice.Reason.allCases.enumerated().flatMap { index, reason in
      [Callback.Kind.message, .unreadable].map { kind in
        var item = Scene.item(reason).only
        (item.number, item.callback.id) = (Int64(index), Int64(2 * index + (kind == .message ? 0 : 1)))
        item.callback.kind = kind
        secrets += Secrets.fill(&item.callback)
        return item
      }
    }
    #expect(try leaks(of: secrets, in: Scene.notice(of: items)).isEmpty)
    scene.mail.detail = .full
    #expect(try leaks(of: secrets, in: Scene.notice(of: items)).count == secrets.count)
  }
}
