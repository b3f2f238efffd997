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
      if let span = table.read("quiet", .dailySpan) {
        if span.closesMinute - span.opensMinute == 24 * 60 {
          table.problem("quiet", "is the whole day; leave the hours free in which routine notices may come")
        }
        person.quiet = OfficeHours(name: "quiet", spans: [span])
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
}
