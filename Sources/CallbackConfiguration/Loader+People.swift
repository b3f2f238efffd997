import CallbackRules

extension Loader {
  func readPeople() -> [Section<Person>] {
    root.sections("person") { table in
      let id = table.ownId(.person)
      let name = table.read("name", .anyText)
      var person = Person(id: id ?? "", name: name ?? id ?? "")
      person.also = table.list("also", .anyText) ?? []
      person.email = table.read("email", .emailAddress)
      person.login = table.read("login", .accountName)
      person.channels = table.references("channels", to: [.channel], besides: Channel.mail) ?? []
      table.read("active", .truth, into: &person.active)
      person.instead = table.reference("instead", to: [.person])
      if table.read("quiet", .dailySpan) != nil {
        table.warning("quiet", "is read but not yet in force: notices go out at any hour")
      }
      for key in table.furtherKeys() {
        person.keys[key] = table.read(key, .anyText)
      }
      return (person, table)
    }
  }

  func readTeams() -> [Section<Team>] {
    root.sections("team") { table in
      let id = table.ownId(.team)
      let name = table.read("name", .anyText)
      let members = members(of: table, Ids.Kind.anybody)
      return (Team(id: id ?? "", name: name, members: members), table)
    }
  }

  func readRotations() -> [Section<Rotation>] {
    root.sections("rotation") { table in
      let id = table.ownId(.rotation)
      let name = table.read("name", .anyText)
      let members = members(of: table, [.person, .team])
      let starts = table.require("starts", .dayAndTime)
      let every = table.require("every", .span(.minutes(15), to: .days(366)))
      let overrides = readOverrides(of: table)
      guard let starts, let every else { return nil }
      let rotation = Rotation(
        id: id ?? "", name: name, members: members, starts: starts, every: every, overrides: overrides)
      return (rotation, table)
    }
  }

  private func members(of table: TableReader, _ kinds: Set<Ids.Kind>) -> [String] {
    table.demand("members", "has nobody; write at least one id, such as [\"rivera\"]")
    return table.references("members", to: kinds) ?? []
  }

  private func readOverrides(of rotation: TableReader) -> [Rotation.Override] {
    rotation.sections("override") { table in
      let from = table.require("from", .dayAndTime)
      let until = table.require("until", .dayAndTime)
      table.demand("person", "is missing; write the id of who is on call meanwhile")
      let person = table.reference("person", to: [.person])
      guard let from, let until, let person else { return nil }
      if until.secondsSince1970 <= from.secondsSince1970 {
        table.problem("until", "ends before it begins; write a time after `from`")
      }
      return Rotation.Override(from: from, until: until, person: person)
    }
  }
}
