import Foundation
import Testing

@testable import CallbackIntake

@Suite("Putting away")
struct PutAwayTests {
  @Test("An accepted file is gone, and its receipt is there for those who may read it")
  func accepted() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(try scene.names(in: "incoming").isEmpty)
    #expect(try scene.names(in: "work").isEmpty)
    #expect(try scene.names(in: "rejected").isEmpty)
    #expect(try scene.names(in: "accepted") == ["a.txt.1.receipt"])
    #expect(try scene.text(of: "accepted/a.txt.1.receipt").hasPrefix("Callback: 1\nFor: rivera\nCall back by: "))
    #expect(try scene.status(of: "accepted/a.txt.1.receipt").st_mode & 0o777 == 0o640)
    try scene.away.sync()
  }

  @Test("A rejected file can be read by nobody else, whatever its sender allowed")
  func rejectedMode() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt", "\0\0\0\0")
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(try scene.status(of: "rejected/a.txt.1").st_mode & 0o777 == 0o600)
    #expect(try scene.text(of: "rejected/a.txt.1") == "\0\0\0\0")
  }

  @Test("Without receipts there is none, but a reason all the same")
  func noReceipts() throws {
    let scene = try SpoolScene(receipts: false)
    try scene.put("a.txt")
    try scene.put("b.txt", "\0\0\0\0")
    for arrival in try scene.scan().arrivals { try scene.putAway(arrival) }
    #expect(try scene.names(in: "accepted").isEmpty)
    #expect(try scene.names(in: "rejected").count == 2)
  }

  @Test("A file that grew after it was read is left, and the next scan reads all of it")
  func grown() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let arrival = try scene.onlyArrival()
    let descriptor = try scene.openToAppend("incoming/a.txt")
    #expect(write(descriptor, "more\n", 5) == 5)
    close(descriptor)
    #expect(try scene.putAway(arrival) == .changed)
    let grown = try scene.onlyArrival()
    #expect(grown.text == SpoolScene.message + "more\n")
    #expect(try scene.putAway(grown) == .done)
    #expect(try scene.scan().arrivals.isEmpty)
  }

  @Test("A file put in the place of the one that was read keeps its name and its folder, and is read next")
  func swapped() throws {
    let scene = try SpoolScene()
    try scene.makeFolder("incoming/night-desk")
    try scene.put("a.txt", in: "incoming/night-desk")
    let arrival = try scene.onlyArrival()
    try scene.put(".new", "Callback: 555 010 9999\n", in: "incoming/night-desk")
    #expect(rename(scene.root + "/incoming/night-desk/.new", scene.root + "/incoming/night-desk/a.txt") == 0)
    #expect(try scene.putAway(arrival) == .changed)
    let next = try scene.onlyArrival()
    #expect(next.place == arrival.place)
    #expect(next.text == "Callback: 555 010 9999\n")
    #expect(try scene.putAway(next) == .done)
    #expect(try scene.names(in: "incoming/night-desk").isEmpty)
    #expect(try scene.names(in: "accepted") == ["a.txt.1.receipt", "a.txt.2.receipt"])
  }

  @Test("A file that grew in work/, by a descriptor that was open, is read there")
  func grownInWork() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let admission = scene.admit(try scene.onlyArrival())
    let descriptor = try scene.openToAppend("incoming/a.txt")
    let held = String(decoding: HeldName.of(admission), as: UTF8.self)
    #expect(rename(scene.root + "/incoming/a.txt", scene.root + "/work/" + held) == 0)
    #expect(write(descriptor, "more\n", 5) == 5)
    #expect(try scene.putAway(admission, isRecovery: true) == .changed)
    #expect(try scene.scan().arrivals.isEmpty, "somebody still writes")
    close(descriptor)
    let grown = try scene.onlyArrival()
    #expect(grown.place.directory == .work)
    #expect(grown.text == SpoolScene.message + "more\n")
    #expect(try scene.putAway(grown) == .done)
    #expect(try scene.names(in: "work").isEmpty)
  }

  @Test("A file in hand that a scan finds in work/ is put away, as if it were where it was", arguments: [true, false])
  func foundInWork(isRecovery: Bool) throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let admission = scene.admit(try scene.onlyArrival())
    let held = String(decoding: HeldName.of(admission), as: UTF8.self)
    #expect(rename(scene.root + "/incoming/a.txt", scene.root + "/work/" + held) == 0)
    try scene.put("a.txt")
    #expect(try scene.putAway(admission, isRecovery: isRecovery) == .done)
    #expect(try scene.names(in: "work").isEmpty)
    #expect(try scene.names(in: "incoming") == ["a.txt"])
  }

  @Test("A file that lies in work/ is read")
  func inWork() throws {
    let scene = try SpoolScene()
    try scene.put("17.4711", in: "work")
    #expect(try scene.onlyArrival().place.directory == .work)
  }

  @Test("A file that its sender took back after it was read is answered for")
  func takenBack() throws {
    let scene = try SpoolScene()
    try scene.makeFolder("incoming/night-desk")
    try scene.put("a.txt", in: "incoming/night-desk")
    let arrival = try scene.onlyArrival()
    #expect(unlink(scene.root + "/incoming/night-desk/a.txt") == 0)
    #expect(rmdir(scene.root + "/incoming/night-desk") == 0)
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.names(in: "accepted").count == 1)
  }

  @Test(
    "A directory put in the place of one that is open is where files are taken from next",
    arguments: ["", "/night-desk"])
  func replacedDirectory(folder: String) throws {
    let scene = try SpoolScene()
    let directory = "incoming" + folder
    if !folder.isEmpty { try scene.makeFolder(directory) }
    try scene.put("a.txt", in: directory)
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(rename(scene.root + "/" + directory, scene.root + "/away") == 0)
    try scene.makeFolder(directory)
    try scene.put("b.txt", in: directory)
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(try scene.names(in: directory).isEmpty)
    #expect(try scene.scan().arrivals.isEmpty)
  }

  @Test("What lies in work/ after the store was lost is not overwritten, though numbers begin anew, and is taken once")
  func lostStore() throws {
    let scene = try SpoolScene()
    try scene.put("1", "Callback: 555 010 0001\n", in: "work")
    try scene.put("a.txt")
    let arrivals = try scene.scan().arrivals
    #expect(Set(arrivals.map(\.text)) == ["Callback: 555 010 0001\n", SpoolScene.message])
    for arrival in arrivals where arrival.place.directory == .incoming(folder: nil) {
      #expect(try scene.putAway(arrival) == .done)
    }
    #expect(try scene.text(of: "work/1") == "Callback: 555 010 0001\n")
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(try scene.names(in: "work").isEmpty)
    #expect(try scene.names(in: "incoming").isEmpty)
  }

  @Test("Without room for a receipt, putting away fails with the remedy, and is made up for later")
  func receiptLater() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let admission = scene.admit(try scene.onlyArrival())
    #expect(rmdir(scene.root + "/accepted") == 0)
    let error = try #require(throws: SpoolError.self) { try scene.putAway(admission) }
    #expect(error.description.contains("make the directory again"))
    try SpoolLayout.create(at: scene.root)
    #expect(try scene.putAway(admission, isRecovery: true) == .done)
    #expect(try scene.names(in: "accepted") == ["a.txt.1.receipt"])
  }

  @Test("Nobody but the group may look into the spool's directories, and what is there stays as it is")
  func layout() throws {
    let scene = try SpoolScene()
    #expect(try scene.status(of: "incoming").st_mode & 0o7777 == 0o3730)
    #expect(try scene.status(of: "work").st_mode & 0o7777 == 0o700)
    #expect(try scene.status(of: "accepted").st_mode & 0o7777 == 0o2710)
    #expect(try scene.status(of: "rejected").st_mode & 0o7777 == 0o2750)
    chmod(scene.root + "/incoming", 0o1770)
    try SpoolLayout.create(at: scene.root)
    #expect(try scene.status(of: "incoming").st_mode & 0o7777 == 0o1770)
  }
}
