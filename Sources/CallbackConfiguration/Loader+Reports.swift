import CallbackRules

extension Loader {
  func readReports() -> Configuration.Reports {
    root.section("report") { table in
      var reports = Configuration.Reports()
      reports.mail = table.references("mail", to: Ids.Kind.anybody) ?? []
      table.read("at", .weeklyTime, into: &reports.at)
      return reports
    }
  }

  /// The path of the file for metrics; nil: none is written.
  func readMetrics() -> (file: String?, heartbeat: String?) {
    root.section("metrics") { table in
      let file = table.read("file", .absolutePath)
      if let file, !file.hasSuffix(".prom") {
        table.problem("file", "\(quoted(file)) does not end in .prom, so the node exporter passes it over; name it so")
      }
      return (file, table.read("heartbeat", .absolutePath))
    }
  }
}

extension ValueKind where Value == Configuration.WeeklyTime {
  /// `Mon 07:00`.
  static var weeklyTime: ValueKind {
    .text("a day of the week and a time", write: "a day and a time, such as \"Mon 07:00\"") { text in
      let words = text.split(separator: " ")
      guard words.count == 2 else { return nil }
      do throws(Wrong) {
        // As hours of opening are read, which take several days too.
        let span = try ValueKind<OfficeHours.OpenSpan>.openSpan.read(.string("\(words[0]) \(words[1])-24:00"))
        guard span.weekdays.count == 1, let weekday = span.weekdays.first else { return nil }
        return Configuration.WeeklyTime(weekday: weekday, minute: span.opensMinute)
      } catch {
        return nil
      }
    }
  }
}
