import CallbackRules
import Foundation

/// A small practice that tests change before they ask it for its rules.
///
/// Dr. Rivera has most of the patients, Dr. Chen is on call, Lee and Okafor are the nurses, and the manager is the fallback.
/// Its clocks show UTC, and its day is 23 November 2026.
struct TestOffice {
  var people = [
    Person(id: "rivera", name: "Dr. Rivera", also: ["Rivera, M.", "Dr M Rivera"], email: "rivera@riverside.example"),
    Person(id: "chen", name: "Dr. Chen", email: "chen@riverside.example", login: "dchen"),
    Person(id: "lee", name: "Sam Lee", email: "lee@riverside.example"),
    Person(id: "okafor", name: "Ada Okafor", email: "okafor@riverside.example"),
    Person(id: "manager", name: "Jo Park", email: "park@riverside.example"),
  ]
  var teams = [Team(id: "nurses", members: ["lee", "okafor"])]
  var rotations = [
    Rotation(id: "oncall", members: ["chen"], starts: civil(2026, 11, 2, 8), every: TimeSpan(days: 7))
  ]
  var fallback = "manager"
  var urgent = Policy.urgent
  var accounts: [Account] = []
  var channels: [Channel] = []
  var zone = Zone.utc
  var hours: [OfficeHours] = []
  var routineHours: String?
  var repeatCaller = RepeatCaller()

  var office: Office {
    Office(
      name: "Riverside Family Practice", zone: zone, fallback: fallback, people: people, teams: teams,
      rotations: rotations, hours: hours,
      policies: [
        urgent,
        Policy(
          urgency: .emergency, callBackWithin: minutes(10),
          steps: [Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient", "oncall"], repeatEvery: minutes(5))]),
        Policy(
          urgency: .routine, callBackWithin: minutes(240), hours: routineHours,
          steps: [
            Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"]),
            Policy.Step(after: TimeSpan(seconds: 7200), notify: ["manager"], repeatEvery: TimeSpan(days: 1)),
          ]),
      ],
      services: [Service(id: "night-desk", phone: "+1 555 010 9000")], accounts: accounts, channels: channels,
      repeatCaller: repeatCaller)
  }

  var rules: Rules { Rules(office: office) }

  /// Changes the people with these ids.
  mutating func change(_ ids: String..., by body: (inout Person) -> Void) {
    for index in people.indices where ids.contains(people[index].id) { body(&people[index]) }
  }

  /// A file that takes these people out of the office.
  mutating func remove(_ ids: String...) { people.removeAll { ids.contains($0.id) } }
}

extension Policy {
  /// The urgent policy of the shipped configuration: half an hour, ten minutes to acknowledge, three steps.
  static let urgent = Policy(
    urgency: .urgent, callBackWithin: minutes(30), ownWithin: minutes(10), remindBefore: [minutes(10)],
    finishWithin: minutes(20), steps: Policy.threeSteps)

  static let threeSteps = [
    Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"]),
    Policy.Step(after: TimeSpan(seconds: 900), notify: ["oncall"]),
    Policy.Step(after: TimeSpan(seconds: 1800), notify: ["manager"], repeatEvery: minutes(15)),
  ]
}

/// An urgent message for Dr. Rivera, taken at 14:00.
func urgentMessage(to: String? = "Dr. Rivera", taken: String = "14:00") -> Message {
  Message(takenAt: at(taken), urgency: .urgent, service: "night-desk", to: to)
}

/// A moment of the office's day, `14:05`; beyond `24:00` it is on the next.
func at(_ time: String) -> Date {
  let parts = time.split(separator: ":").compactMap { Int($0) }
  precondition(parts.count == 2, "a time is written 14:05")
  return Date(timeIntervalSince1970: Double(civil(2026, 11, 23).secondsSince1970 + parts[0] * 3600 + parts[1] * 60))
}

func minutes(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 60) }

func civil(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> CivilTime {
  guard let time = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute) else {
    preconditionFailure("\(year)-\(month)-\(day) \(hour):\(minute) is not on the calendar")
  }
  return time
}
