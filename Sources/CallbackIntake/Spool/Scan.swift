import Foundation

/// One run through `work/`, `incoming/` and the folders in it.
struct Scan {
  struct Folder {
    var place: FilePlace.Directory
    var directory: DirectoryHandle
  }

  private var waiting: [Folder]
  private var current: (Folder, DirectoryListing)?
  private let incoming: DirectoryHandle
  private let inHand: Set<Int64>
  /// Names of the folders seen in `incoming/`.
  private(set) var folders: [String] = []
  private(set) var lookAgainAt: Date?
  var staleFiles = 0
  /// Why a folder was not looked into.
  private(set) var problem: SpoolError?
  /// Files that were renamed in before it began: whole, however young.
  let renamedIn: Set<FilePlace>

  /// More folders than an office has services are not looked into.
  private static let maxFolders = 256

  init(incoming: DirectoryHandle, work: DirectoryHandle, inHand: Set<Int64>, renamedIn: Set<FilePlace>) {
    self.incoming = incoming
    self.inHand = inHand
    self.renamedIn = renamedIn
    waiting = [
      Folder(place: .incoming(folder: nil), directory: incoming), Folder(place: .work, directory: work),
    ]
  }

  /// The next file, with the folder it is in; nil at the end.
  mutating func next() throws(SpoolError) -> (DirectoryListing.Entry, Folder)? {
    while true {
      if current == nil {
        guard let folder = waiting.popLast() else { return nil }
        current = (folder, try DirectoryListing(folder.directory))
      }
      guard let (folder, listing) = current else { return nil }
      guard let entry = try listing.next() else {
        current = nil
        continue
      }
      if entry.isDirectory {
        // Snapshots, trash and the like.
        if entry.name.first == UInt8(ascii: ".") { continue }
        if folder.place == .incoming(folder: nil), let name = String(validating: entry.name, as: UTF8.self) {
          add(name)
          continue
        }
        // Whatever is put into any other folder would be seen by nobody, so it is answered for like a bad file.
      }
      if folder.place == .work, let number = HeldName.number(in: entry.name), inHand.contains(number) { continue }
      return (entry, folder)
    }
  }

  mutating func look(againAt time: Date) {
    lookAgainAt = min(lookAgainAt ?? time, time)
  }

  /// A folder that can't be opened is looked for again by the next scan; the others go on.
  private mutating func add(_ name: String) {
    guard folders.count < Self.maxFolders else {
      problem = SpoolError(
        code: 0,
        "\(incoming.path) holds more than \(Self.maxFolders) folders, and not all are looked into; remove those of no service."
      )
      return
    }
    do throws(SpoolError) {
      let directory = try DirectoryHandle(name, in: incoming)
      folders.append(name)
      waiting.insert(Folder(place: .incoming(folder: name), directory: directory), at: 0)
    } catch {
      problem = error
    }
  }
}
