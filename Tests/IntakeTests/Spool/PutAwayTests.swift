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

  @Test("A batch with a bad row goes to rejected/ whole; its reason and its receipt give the numbers of its callbacks")
  func batch() throws {
    let scene = try SpoolScene()
    let text = "Caller,Callback,Taken\nAnn,555 010 1001,\nBob,555 010 1002,25:61\nCy,555 010 1003,\nDi,1,2,3\n"
    try scene.put("a.csv", text)
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(try scene.names(in: "rejected") == ["a.csv.2", "a.csv.2.reason"])
    #expect(try scene.text(of: "rejected/a.csv.2") == text)
    let reasons = try scene.text(of: "rejected/a.csv.2.reason").split(separator: "\n")
    try #require(reasons.count == 2)
    #expect(reasons[0].hasPrefix("Callback 2: line 3: Taken \"25:61\" is not a date and time"))
    #expect(reasons[1].hasPrefix("Callback 4: row at line 5: it has 4 cells, but there are 3 columns"))
    #expect(try scene.names(in: "accepted") == ["a.csv.1.receipt"])
    let receipt = try scene.text(of: "accepted/a.csv.1.receipt")
    #expect(
      receipt.hasPrefix("Messages: 4\nNot understood: 2; why is in rejected/, under 2\n\nMessage 1\nCallback: 1\nFor: ")
    )
    #expect(receipt.contains("\n\nMessage 2\nNot understood; callback: 2\nFor: "))
    #expect(receipt.contains("\n\nMessage 4\nNot understood; callback: 4\nFor: "))
    #expect(!receipt.contains("Bob"))
  }

  @Test("A batch that was understood is gone, and has one receipt")
  func goodBatch() throws {
    let scene = try SpoolScene()
    try scene.put("a.json", #"[{"caller":"Ann"},{"caller":"Bob"}]"#)
    #expect(try scene.putAway(try scene.onlyArrival()) == .done)
    #expect(try scene.names(in: "rejected").isEmpty)
    #expect(try scene.names(in: "accepted") == ["a.json.1.receipt"])
    #expect(try scene.text(of: "accepted/a.json.1.receipt").hasPrefix("Messages: 2\n\nMessage 1\nCallback: 1\n"))
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
