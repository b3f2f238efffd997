/// The configuration of an office with two persons, in which an hour is a few seconds.
///
/// All three urgencies have the same policy. The other clocks run out with the deadline or later, so that only it shows.
struct OfficeText {
  var callBackWithin = "1h"
  /// TOML: who is told at once.
  var announce = #"["recipient"]"#
  /// TOML tables.
  var steps = #"{ after = "0s", notify = ["recipient"] }"#
  var mail = ""
  /// So large that each notice is a mail of its own.
  var digestOver = 1000
  /// TOML: further keys of every policy.
  var policy = ""
  /// TOML: further keys of the service.
  var service = ""
  /// TOML: further keys of the account.
  var account = ""
  /// TOML: further tables.
  var further = ""
  var recipient = "rivera"
  /// Of a hand-over; shorter only where it is to run out, as a busy machine may need long to start a program.
  var timeout = "15s"
  /// How often the spool is looked through without a hint.
  var poll = "30s"
  /// After how long the fallback is told of trouble.
  var alarmAfter = "1m"
  /// TOML: further keys of the spool.
  var spool = ""
  /// Instead of the script in the workplace.
  var sendmail: String?
  /// TOML: further keys of the fallback.
  var chen = ""
  var riveraMail = "rivera@riverside.example"
  /// TOML: further keys of Rivera.
  var rivera = ""

  static let rivera = "rivera@riverside.example"
  static let chen = "chen@riverside.example"

  func text(root: String) -> String {
    let policies = ["emergency", "urgent", "routine"].map { urgency in
      """
      [[policy]]
      urgency = "\(urgency)"
      call_back_within = "\(callBackWithin)"
      announce = \(announce)
      own_within = "\(callBackWithin)"
      finish_within = "1h"
      \(policy)
      step = [ \(steps) ]

      """
    }
    return """
      [site]
      name = "Riverside Family Practice"
      time_zone = "UTC"
      fallback = "chen"
      alarm_after = "\(alarmAfter)"

      [paths]
      spool = "\(root)/spool"
      state = "\(root)/state"
      run = "\(root)/run"

      [spool]
      settle = "0s"
      poll = "\(poll)"
      \(spool)

      [mail]
      sendmail = "\(sendmail ?? root + "/sendmail")"
      from = "callbacks@riverside.example"
      timeout = "\(timeout)"
      digest_over = \(digestOver)
      \(mail)

      [[person]]
      id = "rivera"
      name = "Dr. Rivera"
      email = "\(riveraMail)"
      \(rivera)

      [[person]]
      id = "chen"
      name = "Dr. Chen"
      email = "\(Self.chen)"
      \(chen)

      [[service]]
      id = "night-desk"
      phone = "+1 555 010 9000"
      \(service)

      [[account]]
      id = "riverside"
      also = ["4711"]
      recipient = "\(recipient)"
      service = "night-desk"
      \(account)

      \(policies.joined(separator: "\n"))
      \(further)
      """
  }
}

extension OfficeText {
  /// The mailbox of the person with this id.
  static func mailbox(of person: String) -> String { person + "@riverside.example" }
}
