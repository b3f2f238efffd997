import CallbackRules
import Foundation

extension Loader {
  func readHours(zone: Zone) -> [OfficeHours] {
    root.sections("hours") { table in
      let name = table.ownId(.hours, key: "name")
      table.demand("open", "is never open; write at least one time, such as [\"Mon-Fri 08:00-17:00\"]")
      let spans = table.list("open", .openSpan)
      let closed = table.list("closed", .day) ?? []
      let hours = OfficeHours(name: name ?? "", spans: spans ?? [], closedDays: closed)
      if !table.failed { checkThatItOpens(hours, zone: zone, table) }
      return name == nil ? nil : hours
    }
  }

  /// What is counted in hours that never come is due never, and nobody would be told.
  private func checkThatItOpens(_ hours: OfficeHours, zone: Zone, _ table: TableReader) {
    let opening = hours.opening(atOrAfter: now, in: zone)
    guard hours.isOpen(at: opening, in: zone), opening < now.addingTimeInterval(400 * 86_400) else {
      return table.problem(
        table.has("closed") ? "closed" : "open",
        "\(quoted(hours.name)) does not open within the next 400 days; remove days from `closed`, or add times to `open`"
      )
    }
  }

  /// One policy for each urgency; any that is missing or there twice is a problem.
  func readPolicies() -> [Policy] {
    var written: Set<Urgency> = []
    let policies = root.sections("policy") { readPolicy($0, written: &written) }
    for urgency in Urgency.allCases.reversed() where !written.contains(urgency) {
      findings.problem(
        Place(key: "policy"), "there is none for \(urgency.name); write a [[policy]] with urgency = \"\(urgency.name)\""
      )
    }
    return policies
  }

  /// - Parameter written: the urgencies that have a policy already.
  func readPolicy(_ table: TableReader, written: inout Set<Urgency>) -> Policy? {
    let urgency = table.require("urgency", .urgency)
    if let urgency, !written.insert(urgency).inserted {
      table.problem(
        "urgency", "there is a policy for \(urgency.name) already; write another urgency, or remove one of the two")
    }
    let within = table.require("call_back_within", .span(.second, to: .days(60)))
    let most = within ?? .days(60)
    let hours = table.reference("hours", to: [.hours])
    if hours != nil, urgency == .emergency {
      table.problem("hours", "an emergency counts around the clock; remove `hours` here")
    }
    let announce = table.references("announce", to: Ids.Kind.anybody, besides: Policy.recipient)
    let ownWithin = table.read("own_within", .span(.second, to: most))
    let remindBefore = table.list("remind_before", .span(.second, to: most))
    let finishWithin = table.read("finish_within", .span(.second, to: .days(60)))
    let snoozeAtMost = table.read("snooze_at_most", .span(.zero, to: .days(60)))
    let steps = readSteps(of: table, callBackWithin: most)
    let retry = readRetry(of: table)
    guard let urgency, let within else { return nil }
    return Policy(
      urgency: urgency, callBackWithin: within, hours: hours, announce: announce ?? [Policy.recipient],
      ownWithin: ownWithin, remindBefore: remindBefore ?? [], finishWithin: finishWithin, snoozeAtMost: snoozeAtMost,
      steps: steps, retry: retry)
  }

  private func readSteps(of policy: TableReader, callBackWithin: TimeSpan) -> [Policy.Step] {
    policy.demand("step", "there is none; write at least [{ after = \"0m\", notify = [\"recipient\"] }]")
    return policy.sections("step") { readStep($0, callBackWithin: callBackWithin) }
  }

  private func readStep(_ table: TableReader, callBackWithin: TimeSpan) -> Policy.Step? {
    let after = table.read("after", .span(.zero, to: .days(60)))
    let before = table.read("before", .span(.second, to: callBackWithin))
    switch (table.has("after"), table.has("before")) {
    case (true, true): table.problem("before", "a step has one time; write `after` or `before`, not both")
    case (false, false):
      table.problem("after", "is missing; write after = \"15m\" (past the deadline) or before = \"5m\"")
    default: break
    }
    table.demand("notify", "tells nobody; write at least one id, or [\"recipient\"]")
    let notify = table.references("notify", to: Ids.Kind.anybody, besides: Policy.recipient)
    let repeatEvery = table.read("repeat_every", .span(.second, to: .days(60)))
    return (after ?? before.map(-)).map { Policy.Step(after: $0, notify: notify ?? [], repeatEvery: repeatEvery) }
  }

  private func readRetry(of policy: TableReader) -> Policy.Retry {
    policy.section("retry") { table in
      var retry = Policy.Retry()
      table.read("no_answer", .span(.second, to: .days(7)), into: &retry.noAnswer)
      table.read("busy", .span(.second, to: .days(7)), into: &retry.busy)
      table.read("voicemail", .span(.second, to: .days(7)), into: &retry.voicemail)
      table.read("attempts", .number(1...100), into: &retry.attempts)
      return retry
    }
  }
}
