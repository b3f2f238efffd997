import CallbackRules

extension Loader {
  func readServices() -> [Service] {
    root.sections("service") { table in
      let id = table.ownId(.service)
      let phone = table.require("phone", .phone)
      var service = Service(id: id ?? "", phone: phone ?? "")
      service.refsWithin = readRefs(table)
      service.quietAfter = table.read("quiet_after", .span(.minutes(1), to: .days(60)))
      service.hours = table.reference("hours", to: [.hours])
      if service.hours != nil, service.quietAfter == nil, !table.has("quiet_after") {
        table.warning(
          "hours", "does nothing without `quiet_after`; write how long the service may be silent, or remove it")
      }
      service.dayFirst = table.read("dates", .dateOrder)
      service.profile = readProfile(table)
      return service
    }
  }

  /// How long a message may be overtaken by later ones; nil where the service's Refs don't count up.
  private func readRefs(_ table: TableReader) -> TimeSpan? {
    let isRunning = table.read("refs", .choice(["running": true])) ?? false
    let within = table.read("refs_within", .span(.second, to: .days(1)))
    if !isRunning, within != nil, !table.has("refs") {
      table.warning("refs_within", "does nothing without `refs`; write refs = \"running\", or remove it")
    }
    return isRunning ? within ?? .minutes(10) : nil
  }

  /// - Parameter policies: those that hold where an account has none of its own.
  func readAccounts(zone: Zone, policies: [Policy]) -> [Account] {
    var owners: [String: String] = [:]
    return root.sections("account") { table in
      let id = table.ownId(.account)
      var account = Account(id: id ?? "", zone: zone)
      account.also = table.list("also", .anyText) ?? []
      account.recipient = table.reference("recipient", to: Ids.Kind.anybody)
      account.service = table.reference("service", to: [.service])
      table.read("time_zone", .zone, into: &account.zone)
      account.dayFirst = table.read("dates", .dateOrder)
      table.read("urgency", .urgency, into: &account.urgency)
      account.profile = readProfile(table)
      warnOfNamesThatComeTooLate(account.profile, table)
      readPromises(into: &account, policies: policies, table)
      account.group = table.read("group", .accountName)
      // Any name fits one account, or a message with it would get either. Two equal ids were reported already.
      for (key, name) in [("id", account.id)] + account.also.map({ ("also", $0.lowercased()) }) {
        if owners[name, default: account.id] != account.id {
          table.problem(key, "\(quoted(name)) names another account already; write it at one of them only")
        }
        owners[name] = account.id
      }
      return account
    }
  }

  /// Its own policies and hours.
  private func readPromises(into account: inout Account, policies: [Policy], _ table: TableReader) {
    var written: Set<Urgency> = []
    let own = table.sections("policy") { readPolicy($0, written: &written) }
    account.policies = Dictionary(own.map { ($0.urgency, $0) }, uniquingKeysWith: { first, _ in first })
    account.hours = table.reference("hours", to: [.hours])
    let holding = own + policies.filter { !written.contains($0.urgency) }
    if account.hours != nil, holding.allSatisfy({ $0.hours == nil }) {
      table.warning(
        "hours",
        "no policy of this account counts in hours, so these never hold; write `hours` in a policy, or remove it")
    }
  }

  func readChannels() -> [Section<Channel>] {
    root.sections("channel") { table in
      let id = table.ownId(.channel) ?? ""
      let isCommand = table.require("kind", .choice(["file": false, "command": true]))
      let run = table.list("run", .anyText)
      switch (isCommand, table.has("run")) {
      case (false?, true):
        table.problem("run", "a channel of kind \"file\" runs nothing; write kind = \"command\", or remove it")
      case (true?, _): checkCommand(run, table)
      default: break
      }
      let kind = isCommand == true ? Channel.Kind.command(run ?? []) : .file
      return (Channel(id: id, kind: kind), table)
    }
  }

  private func checkCommand(_ run: [String]?, _ table: TableReader) {
    table.demand(
      "run",
      "there is no program; write its path and its arguments, such as [\"/usr/local/bin/page\", \"{pager}\"]")
    guard let program = run?.first else { return }
    do throws(Wrong) {
      _ = try ValueKind.absolutePath.read(.string(program))
    } catch {
      table.problem("run", "the program \(error.reason); write \(ValueKind.absolutePath.write)")
    }
  }
}
