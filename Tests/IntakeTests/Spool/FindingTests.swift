import Foundation
import Testing

@testable import CallbackIntake

@Suite("Finding files")
struct FindingTests {
  @Test(
    "A name that says unfinished is left alone, in capitals too",
    arguments: ["a~", "a.tmp", "a.part", "a.partial", "a.filepart", "a.swp", "a.crdownload"])
  func unfinished(name: String) throws {
    let scene = try SpoolScene()
    for name in [name, name.uppercased(), "." + name, ".hidden"] { try scene.put(name) }
    let (arrivals, last) = try scene.scan(secondsFromNow: 60)
    #expect(arrivals.isEmpty)
    #expect(last.staleFiles == 0)
    #expect(try scene.scan(secondsFromNow: 3700).last.staleFiles == (name.uppercased() == name ? 3 : 4))
  }

  @Test(
    "A name that only looks like one of those is taken", arguments: ["a.part.txt", "tmp", "a.tmpx", "apart", "a~b"])
  func finished(name: String) throws {
    let scene = try SpoolScene()
    try scene.put(name)
    #expect(try scene.onlyArrival().nameText == name)
  }

  @Test("A file is taken once it has settled, and the scan says when to look again")
  func settles() throws {
    let scene = try SpoolScene(settle: 2)
    try scene.put("a.txt")
    let written = Date()
    let (arrivals, last) = try scene.scan(secondsFromNow: 0.1)
    #expect(arrivals.isEmpty)
    let again = try #require(last.lookAgainAt)
    #expect((1.5...2.2).contains(again.timeIntervalSince(written)))
    #expect(try scene.scan(secondsFromNow: 2.5).arrivals.count == 1)
  }

  @Test("A copy that keeps its times settles like any other", arguments: [-86_400, 86_400])
  func copiedTimes(offset: Double) throws {
    let scene = try SpoolScene(settle: 2)
    try scene.put("a.txt")
    let time = timeval(tv_sec: Int(Date().timeIntervalSince1970 + offset), tv_usec: 0)
    #expect(utimes(scene.root + "/incoming/a.txt", [time, time]) == 0)
    #expect(try scene.scan(secondsFromNow: 0.1).arrivals.isEmpty)
    #expect(try scene.scan(secondsFromNow: 2.5).arrivals.count == 1)
  }

  @Test("After the clock was set back, files are taken all the same")
  func clockSetBack() throws {
    let scene = try SpoolScene(settle: 2)
    try scene.put("a.txt")
    #expect(try scene.scan(secondsFromNow: -3600).arrivals.count == 1)
  }

  @Test("A file that was renamed in is taken at once; another of its name elsewhere is not")
  func renamedIn() throws {
    let scene = try SpoolScene(settle: 2)
    try scene.makeFolder("incoming/night-desk")
    try scene.put("a.txt")
    try scene.put("a.txt", in: "incoming/night-desk")
    scene.spool.noteRenamedIn(Array("a.txt".utf8), folder: "night-desk")
    let arrival = try scene.onlyArrival()
    #expect(arrival.place.directory == .incoming(folder: "night-desk"))
    // The hint was for that file, not for the next of its name.
    #expect(try scene.scan().arrivals.isEmpty)
  }

  @Test("A hint that comes while a scan is under way holds for the next one")
  func hintDuringScan() throws {
    let scene = try SpoolScene(settle: 2)
    for number in 0..<300 { try scene.put("\(number)") }
    #expect(try !scene.spool.nextBatch(at: Date().addingTimeInterval(3)).isLast)
    scene.spool.noteRenamedIn(Array("new".utf8), folder: nil)
    _ = try scene.scan(secondsFromNow: 3)
    try scene.put("new")
    #expect(try scene.onlyArrival().nameText == "new")
  }

  @Test("A file that is open for writing is left, however old or renamed, and reported when that lasts")
  func openForWriting() throws {
    let scene = try SpoolScene(settle: 2)
    try scene.put("a.txt")
    let descriptor = try scene.openToAppend("incoming/a.txt")
    scene.spool.noteRenamedIn(Array("a.txt".utf8), folder: nil)
    for seconds in [0.0, 10, 3000] {
      let (arrivals, last) = try scene.scan(secondsFromNow: seconds)
      #expect(arrivals.isEmpty)
      #expect(last.lookAgainAt != nil)
      #expect(last.staleFiles == 0)
    }
    #expect(try scene.scan(secondsFromNow: 3700).last.staleFiles == 1)
    close(descriptor)
    #expect(try scene.scan(secondsFromNow: 10).arrivals.count == 1)
  }

  @Test("A file on which a file server has a lease is left until it gives it up")
  func leasedByAnother() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let descriptor = try scene.openToAppend("incoming/a.txt")
    #expect(fcntl(descriptor, 1024, F_WRLCK) == 0)
    #expect(try scene.scan().arrivals.isEmpty)
    #expect(try scene.names(in: "incoming") == ["a.txt"])
    close(descriptor)
    #expect(try scene.scan().arrivals.count == 1)
  }

  @Test("Folders name their service; what is hidden in them is left")
  func folders() throws {
    let scene = try SpoolScene()
    for folder in ["night-desk", "day-desk", ".trash"] {
      try scene.makeFolder("incoming/" + folder)
      try scene.put("a.txt", in: "incoming/" + folder)
    }
    try scene.put("b.txt")
    let (arrivals, last) = try scene.scan()
    #expect(
      Set(arrivals.map(\.place.directory)) == [
        .incoming(folder: nil), .incoming(folder: "night-desk"), .incoming(folder: "day-desk"),
      ])
    #expect(
      arrivals.first { $0.place.directory == .incoming(folder: "night-desk") }?.parts.first?.message.service
        == "night-desk")
    #expect(last.problem == nil)
    #expect(Set(last.folders) == ["night-desk", "day-desk"])
  }

  @Test("A folder that can't be opened doesn't keep the others waiting, and is reported without its name")
  func closedFolder() throws {
    let scene = try SpoolScene()
    try scene.makeFolder("incoming/Jane Doe")
    chmod(scene.root + "/incoming/Jane Doe", 0o700)
    for directory in ["", "/incoming", "/work", "/.."] { chmod(scene.root + directory, 0o777) }
    try scene.put("a.txt")
    let (arrivals, last) = try FileUser.unprivileged { try scene.scan() }
    guard geteuid() == 0 else { return }
    #expect(arrivals.count == 1)
    let problem = try #require(last.problem)
    #expect(problem.description.contains("a folder in \(scene.root)/incoming"))
    #expect(!problem.description.contains("Jane"))
    #expect(try scene.scan().last.problem == nil)
  }

  @Test("A directory that can't be listed keeps no other from being read, and is reported")
  func unlisted() throws {
    let scene = try SpoolScene()
    for directory in ["", "/incoming", "/work", "/.."] { chmod(scene.root + directory, 0o777) }
    try scene.put("a.txt", in: "work")
    #expect(try scene.scan().last.problem == nil)
    // It is open already, like one on a share that goes away.
    chmod(scene.root + "/incoming", 0)
    defer { chmod(scene.root + "/incoming", 0o777) }
    let (arrivals, last) = try FileUser.unprivileged { try scene.scan() }
    #expect(arrivals.map(\.nameText) == ["a.txt"])
    #expect(last.problem?.description.contains("incoming") == true)
  }

  @Test("More folders than are looked into are reported")
  func manyFolders() throws {
    let scene = try SpoolScene()
    for number in 0..<257 { try scene.makeFolder("incoming/\(number)") }
    let (_, last) = try scene.scan()
    #expect(last.problem?.description.contains("256 folders") == true)
    #expect(last.folders.count == 256)
  }

  @Test("A thousand files are found once each, in batches")
  func thousand() throws {
    let scene = try SpoolScene()
    for number in 0..<1000 { try scene.put("\(number).txt", "Callback: 555 010 \(number)\n") }
    var names: Set<String> = []
    var batches = 0
    var isLast = false
    while !isLast {
      let batch = try scene.spool.nextBatch(at: Date())
      #expect(batch.arrivals.count <= 256)
      for arrival in batch.arrivals {
        #expect(names.insert(arrival.nameText).inserted)
        #expect(try scene.putAway(arrival) == .done)
      }
      batches += 1
      isLast = batch.isLast
    }
    #expect(names.count == 1000)
    #expect(batches >= 4)
    #expect(try scene.scan().arrivals.isEmpty)
    #expect(try scene.names(in: "incoming").isEmpty)
    #expect(try scene.names(in: "accepted").count == 1000)
  }

  @Test(
    "Without incoming/ or work/ a scan fails with the remedy, and finds all once it is back",
    arguments: ["incoming", "work"])
  func missing(directory: String) throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    #expect(try scene.scan().arrivals.count == 1)
    #expect(rename(scene.root + "/" + directory, scene.root + "/away") == 0)
    let error = try #require(throws: SpoolError.self) { try scene.scan() }
    #expect(error.code == ENOENT)
    #expect(error.description.contains(directory))
    #expect(rename(scene.root + "/away", scene.root + "/" + directory) == 0)
    #expect(try scene.onlyArrival().nameText == "a.txt")
  }

  @Test("A directory put in the place of incoming/ is picked up; a link in its place is refused")
  func replaced() throws {
    let scene = try SpoolScene()
    try scene.put("old.txt")
    #expect(try scene.onlyArrival().nameText == "old.txt")
    #expect(rename(scene.root + "/incoming", scene.root + "/away") == 0)
    try scene.makeFolder("incoming")
    try scene.put("new.txt")
    #expect(try scene.onlyArrival().nameText == "new.txt")
    #expect(rename(scene.root + "/incoming", scene.root + "/new") == 0)
    #expect(symlink("away", scene.root + "/incoming") == 0)
    #expect(throws: SpoolError.self) { try scene.scan() }
  }
}
