import CallbackRules

/// What `[site]` says; nil for what it leaves out.
struct Site {
  var name: String?
  var zone: Zone?
  var countryCode: String?
  var fallback: String?
  var fallbackPlace: Place
  var alarmAfter: TimeSpan?
}

extension Loader {
  func readSite() -> Site {
    root.section("site") { table in
      table.demand("fallback", "is missing; write the id of the person or team who hears of what has nobody else")
      return Site(
        name: table.read("name", .anyText),
        zone: table.read("time_zone", .zone),
        countryCode: table.read("country_code", .countryCode),
        fallback: table.reference("fallback", to: Ids.Kind.anybody),
        fallbackPlace: table.place("fallback"),
        alarmAfter: table.read("alarm_after", .span(.second, to: .hours(1))))
    }
  }

  func readPaths() -> Configuration.Paths {
    root.section("paths") { table in
      var paths = Configuration.Paths()
      table.read("spool", .absolutePath, into: &paths.spool)
      table.read("state", .absolutePath, into: &paths.state)
      table.read("run", .absolutePath, into: &paths.run)
      if paths.run.utf8.count > Configuration.Paths.longestRun {
        table.problem(
          "run", "is too long for the socket in it; write a path of at most \(Configuration.Paths.longestRun) bytes")
      }
      return paths
    }
  }

  func readSpool() -> Configuration.Spool {
    root.section("spool") { table in
      var spool = Configuration.Spool()
      table.read("settle", .span(.zero, to: .minutes(10)), into: &spool.settle)
      table.read("receipts", .truth, into: &spool.receipts)
      table.read("poll", .span(.second, to: .hours(1)), into: &spool.poll)
      table.read("stale_after", .span(.second, to: .days(7)), into: &spool.staleAfter)
      table.read("max_size", .size(4096...64 << 20), into: &spool.maxSizeBytes)
      table.read("max_line", .size(1024...64 << 20), into: &spool.maxLineBytes)
      table.read("max_fields", .number(30...10_000), into: &spool.maxFields)
      table.read("max_rows", .number(1...100_000), into: &spool.maxRows)
      return spool
    }
  }

  func readRepeatCaller() -> RepeatCaller {
    root.section("repeat_caller") { table in
      var repeatCaller = RepeatCaller()
      table.read("within", .span(.zero, to: .days(30)), into: &repeatCaller.within)
      table.read("raise", .number(0...2), into: &repeatCaller.raise)
      return repeatCaller
    }
  }

  func readKeep() -> Configuration.Keep {
    root.section("keep") { table in
      var keep = Configuration.Keep()
      table.read("closed", .span(.days(30), to: .days(3660)), into: &keep.closed)
      return keep
    }
  }

  func readMail() -> (mail: Configuration.Mail, operatorPlace: Place) {
    root.section("mail") { table in
      var mail = Configuration.Mail(from: table.read("from", .emailAddress) ?? "callbackd@\(host.mailDomain)")
      table.read("sendmail", .absolutePath, into: &mail.sendmail)
      table.read("digest_over", .number(1...1000), into: &mail.digestOver)
      table.read("detail", .choice(["minimal": .minimal, "full": .full]), into: &mail.detail)
      table.read("answers", .truth, into: &mail.answers)
      table.read("timeout", .span(.second, to: .minutes(10)), into: &mail.timeout)
      table.read("parallel", .number(1...64), into: &mail.parallel)
      mail.operatorId = table.reference("operator", to: Ids.Kind.anybody)
      return (mail, table.place("operator"))
    }
  }
}
