import CallbackIntake
import CallbackRules
import Testing

@Suite("Whose message it is, and how urgent") struct AccountTests {
  private let riverside = Account(
    id: "riverside", also: ["4711"], service: "night-desk", zone: Reading.newYork, urgency: .urgent)
  private let hillside = Account(id: "hillside", service: "day-desk", zone: .utc, dayFirst: true)
  private let services = [Service(id: "night-desk", phone: "1"), Service(id: "day-desk", phone: "2")]

  @Test("The Account field decides, by id or another name, ignoring case")
  func named() throws {
    let message = try Reading(accounts: [riverside, hillside], services: services).message("Acct: HILLSIDE\nCaller: J")
    #expect(message.account == "hillside" && message.service == "day-desk" && message.unknownAccount == nil)
    let also = try Reading(accounts: [riverside, hillside], services: services).message("Acct: 4711\nCaller: J")
    #expect(also.account == "riverside" && also.service == "night-desk" && also.urgency == .urgent)
  }

  @Test("Without one it is the account of the folder's service")
  func folder() throws {
    let reading = Reading(accounts: [riverside, hillside], services: services, folder: "day-desk")
    let message = try reading.message("Caller: J\n")
    #expect(message.account == "hillside" && message.service == "day-desk")
  }

  @Test("It is nobody's if the service has several accounts, or there is no folder to tell")
  func undecided() throws {
    var other = hillside
    other.service = "night-desk"
    let both = try Reading(accounts: [riverside, other], services: services, folder: "night-desk").message("Caller: J")
    #expect(both.account == nil && both.service == "night-desk" && both.unknownAccount == nil)
    let none = try Reading(accounts: [riverside, hillside], services: services).message("Caller: J")
    #expect(none.account == nil && none.service == nil)
  }

  @Test("An account that is not known is kept as written, and never becomes another one")
  func unknown() throws {
    let reading = Reading(accounts: [riverside, hillside], services: services, folder: "night-desk")
    let message = try reading.message("Account: Lakeside\nCaller: J\n")
    #expect(message.account == nil && message.unknownAccount == "Lakeside" && message.service == "night-desk")
    let only = try Reading().message("Account: Lakeside\nCaller: J\n")
    #expect(only.account == "riverside" && only.unknownAccount == "Lakeside")
  }

  @Test("A folder that is no service does not name one")
  func strangeFolder() throws {
    #expect(try Reading(folder: "lost+found").message("Caller: J").service == "night-desk")
  }

  @Test("The account's zone and order of day and month hold for its times")
  func zone() throws {
    let reading = Reading(accounts: [riverside, hillside], services: services)
    let message = try reading.message("Account: hillside\nTaken: 03/11/2026 09:00\nCaller: J\n")
    #expect(message.takenAt.timeIntervalSince1970 == 1_793_696_400)
  }

  private static let urgencies: [(lines: String, urgency: Urgency)] = [
    ("Urgency: emergency", Urgency.emergency), ("Urgency: URGENT", .urgent), ("Urgency: routine", .routine),
    ("Priority: Low", .routine), ("Priority: normal", .routine), ("Priority: STAT!!", .emergency),
    ("Priority: asap", .urgent), ("Urgency: N", .routine), ("Urgency: 0", .routine), ("STAT: Y", .emergency),
    ("Urgency: Emergent", .emergency),
    ("Stat: yes", .emergency), ("STAT: N", .routine), ("Urgent: Y", .urgent), ("Urgent: x", .urgent),
    ("URGENT: no", .routine), ("Urgency: Code  Blue", .emergency), ("STAT: N\nUrgent: Y", .urgent),
    ("Urgent: Y\nSTAT: Y", .emergency), ("", .routine),
  ]

  @Test(
    "Urgency words",
    arguments: urgencies)
  func words(lines: String, urgency: Urgency) throws {
    let message = try Reading().message("\(lines)\nCaller: J\n")
    #expect(message.urgency == urgency && message.notes.isEmpty && message.problem == nil)
  }

  @Test("An unknown word is urgent, and noted", arguments: ["soonish", "1", "N - can wait"])
  func unknownWord(word: String) throws {
    let message = try Reading().message("Priority: \(word)\nCaller: J\n")
    #expect(message.urgency == .urgent && message.notes.count == 1 && message.notes[0].contains(word))
  }

  @Test(
    "What names an emergency among other words is one, and noted",
    arguments: [
      "EMERGENCY - patient not breathing", "Emergency? no", "code blue, room 4", "possible EMERGENCY",
      "stat/chest pain",
    ])
  func emergencyAmongWords(words: String) throws {
    let message = try Reading().message("Urgency: \(words)\nCaller: J\n")
    #expect(message.urgency == .emergency)
    #expect(message.notes.count == 1 && message.notes[0].hasSuffix("read as emergency"))
    #expect(message.otherFields == [.init(name: "Urgency", value: words)])
  }

  @Test(
    "What denies an emergency is urgent, and noted",
    arguments: ["not an emergency", "NON-EMERGENT", "isn't stat", "emergencyroom", "blue code"])
  func noEmergency(words: String) throws {
    let message = try Reading().message("Urgency: \(words)\nCaller: J\n")
    #expect(message.urgency == .urgent && message.notes.count == 1)
  }

  @Test("The office's own words win over the built-in ones")
  func ownWords() throws {
    let reading = Reading(urgencyWords: ["low": .urgent])
    #expect(try reading.message("Priority: LOW\nCaller: J\n").urgency == .urgent)
  }
}
