import CallbackConfiguration
import CallbackRules
import Testing

/// What is watched of services.
@Suite struct ServiceTests {
  private func service(_ keys: String) -> String {
    complete("[[service]]\nid = \"desk\"\nphone = \"+1 555 010 9000\"\n\(keys)")
  }

  @Test("running numbers wait ten minutes for files that were overtaken, or as long as it says; silence is watched")
  func watched() throws {
    func read(_ keys: String) throws -> Service? {
      let checked = try ConfigurationTests.read(service(keys))
      #expect(checked.warnings == [])
      return checked.configuration.office.services["desk"]
    }
    let plain = try read("")
    #expect(plain?.refsWithin == nil && plain?.quietAfter == nil && plain?.hours == nil)
    #expect(try read("refs = \"running\"")?.refsWithin == TimeSpan(seconds: 600))
    #expect(try read("refs = \"running\"\nrefs_within = \"30s\"")?.refsWithin == TimeSpan(seconds: 30))
    #expect(try read("quiet_after = \"4h\"")?.quietAfter == TimeSpan(seconds: 14_400))
  }

  @Test(
    "what makes no sense is a problem",
    arguments: [
      ("refs = \"counting\"", "service.refs"), ("refs = \"running\"\nrefs_within = \"0s\"", "service.refs_within"),
      ("refs = \"running\"\nrefs_within = \"2d\"", "service.refs_within"),
      ("quiet_after = \"1s\"", "service.quiet_after"),
      ("quiet_after = \"4h\"\nhours = \"ofice\"", "service.hours: no hours has the id `ofice`"),
    ])
  func nonsense(keys: String, problem: String) {
    let found = problems(service(keys))
    #expect(found.count == 1 && found.first?.contains(problem) == true, "\(found)")
  }

  @Test("what does nothing is a warning")
  func idle() throws {
    let hours = "\n[[hours]]\nname = \"office\"\nopen = [\"Mon-Fri 08:00-17:00\"]\n"
    #expect(try read(service("refs_within = \"5m\"")).warnings.map(\.key) == ["service.refs_within"])
    #expect(try read(service("hours = \"office\"" + hours)).warnings.map(\.key) == ["service.hours"])
  }
}
