import Foundation

/// A place for one daemon: its spool, state, configuration, and a sendmail that notes what it is given.
final class Workplace {
  let root: String

  /// What its office is like.
  struct Office {
    var receipts = true
    /// How many people there are beside the first: `p0`, `p1`, …
    var people = 0
    /// A sendmail program; nil: a script that notes the Message-ID.
    var sendmail: String?
    var parallel = 4
  }

  /// Makes one, lets `body` use it, and removes it; one that failed stays until all is removed.
  static func use<Value>(
    in parent: String, _ office: Office = Office(), _ body: (Workplace) throws -> Value
  ) throws -> Value {
    let place = try Workplace(in: parent, office)
    let value = try body(place)
    Progress.show("removing \(place.root)")
    try FileManager.default.removeItem(atPath: place.root)
    return value
  }

  private init(in parent: String, _ office: Office) throws {
    // What was written and removed before is not to be paid for by what is measured here.
    sync()
    // Never the same name again: ext4 chooses the place on the disk by it.
    root = parent + "/" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    // The spool's too, which are long there when a backlog comes: ext4 puts files where their directory was made.
    let spool = ["incoming", "work", "accepted", "rejected", "notifications"].map { "/spool/" + $0 }
    for directory in ["", "/spool", "/state", "/mails", "/written"] + spool {
      try done(mkdir(root + directory, 0o700), "make \(root)\(directory)")
    }
    try write(text(of: office), to: configuration)
    try write(sendmail, to: root + "/sendmail")
    try done(chmod(root + "/sendmail", 0o700), "make \(root)/sendmail executable")
  }

  var configuration: String { root + "/callbackd.toml" }
  var control: String { root + "/run/control" }
  var store: String { root + "/state/callbackd.db" }
  var incoming: String { root + "/spool/incoming" }
  var accepted: String { root + "/spool/accepted" }
  var notifications: String { root + "/spool/notifications" }
  var mails: String { root + "/mails" }
  /// For files before they are renamed into the spool.
  var written: String { root + "/written" }
  var log: String { root + "/log" }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Nobody is told before the deadline, so that nothing else goes on beside what is measured; each deadline is a mail of its own.
  private func text(of office: Office) -> String {
    let policies = ["emergency", "urgent", "routine"].map { urgency in
      """
      [[policy]]
      urgency = "\(urgency)"
      call_back_within = "1h"
      announce = []
      own_within = "1h"
      step = [{ after = "0s", notify = ["recipient"] }]
      """
    }
    let people = (0..<office.people).map { number in
      """
      [[person]]
      id = "p\(number)"
      email = "p\(number)@riverside.example"
      """
    }
    return """
      [site]
      name = "Riverside Family Practice"
      time_zone = "UTC"
      fallback = "rivera"
      [paths]
      spool = "\(root)/spool"
      state = "\(root)/state"
      run = "\(root)/run"
      [spool]
      settle = "0s"
      receipts = \(office.receipts)
      [mail]
      sendmail = "\(office.sendmail ?? root + "/sendmail")"
      parallel = \(office.parallel)
      digest_over = 1000
      from = "callbacks@riverside.example"
      [[person]]
      id = "rivera"
      name = "Dr. Rivera"
      email = "rivera@riverside.example"
      [[account]]
      id = "riverside"
      recipient = "rivera"
      \((people + policies).joined(separator: "\n"))

      """
  }

  /// Notes the Message-ID of what is about callbacks in a file of its own, without starting another program.
  private var sendmail: String {
    """
    #!/bin/sh
    while IFS= read -r line; do
      case $line in
      Message-ID:*callback-*) printf '%s\\n' "$line" >>'\(mails)/'$$ && exit 0 ;;
      Message-ID:*) exit 0 ;;
      '') break ;;
      esac
    done
    exit 75

    """
  }
}

extension Workplace {
  /// Whether the daemon has put away all it took.
  var isSpoolEmpty: Bool {
    get throws { try [incoming, root + "/spool/work"].allSatisfy { try Self.count(in: $0, atMost: 1) == 0 } }
  }

  /// How many files a directory holds, but no more than it takes to know.
  static func count(in directory: String, atMost limit: Int) throws(CannotMeasure) -> Int {
    guard let stream = opendir(directory) else { throw CannotMeasure("can't list \(directory)") }
    defer { closedir(stream) }
    var count = 0
    while count < limit, let entry = readdir(stream) {
      // Neither "." and ".." nor files that are not yet whole.
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }
}
