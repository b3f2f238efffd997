import CallbackConfiguration
import Testing

@Suite struct ReportTests {
  @Test("nobody gets a weekly report, and no metrics are written, unless it is asked for")
  func defaults() throws {
    let configuration = try read(complete("")).configuration
    #expect(configuration.reports == .init())
    #expect(configuration.reports.mail.isEmpty && configuration.metricsFile == nil)
    #expect(configuration.heartbeatFile == nil)
    #expect(configuration.reports.at == .init(weekday: 1, minute: 420))
  }

  @Test(
    "a day of the week and a time, in capitals or not",
    arguments: [("Mon 07:00", 1, 420), ("sun 0:00", 0, 0), ("SAT 23:59", 6, 1439)])
  func time(text: String, weekday: Int, minute: Int) throws {
    let checked = try read(complete("[report]\nmail = [\"desk\"]\nat = \"\(text)\""))
    #expect(checked.configuration.reports.at == .init(weekday: weekday, minute: minute))
    #expect(checked.configuration.reports.mail == ["desk"])
  }

  @Test(
    "what is no such time is named",
    arguments: ["Monday 07:00", "07:00", "Mon", "Mon-Fri 07:00", "Mon 24:00", "Mon 7", ""])
  func wrong(text: String) {
    #expect(
      problems(complete("[report]\nat = \"\(text)\""))
        == [
          "2: report.at: `\(text)` is not a day of the week and a time; write a day and a time, such as \"Mon 07:00\""
        ])
  }

  @Test("where the heartbeat is written is an absolute path of any name")
  func heartbeat() throws {
    let configuration = try read(complete("[metrics]\nheartbeat = \"/run/callbackd/heartbeat\"")).configuration
    #expect(configuration.heartbeatFile == "/run/callbackd/heartbeat" && configuration.metricsFile == nil)
  }

  @Test("somebody who is not there, and a file that no collector reads, are named")
  func others() {
    #expect(problems(complete("[report]\nmail = [\"dsek\"]")).first?.contains("did you mean `desk`") == true)
    #expect(
      problems(complete("[metrics]\nfile = \"/run/callbackd/callbackd.txt\"")).first?.contains("does not end in .prom")
        == true)
    #expect(problems(complete("[metrics]\nfile = \"callbackd.prom\"")).count == 1)
    #expect(problems(complete("[metrics]\nheartbeat = \"heartbeat\"")).count == 1)
  }
}
