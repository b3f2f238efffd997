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
  /// Names of the folders seen in `incoming/`.
  private(set) var folders: [String] = []
  private(set) var lookAgainAt: Date?
  private(set) var staleFiles = 0
  private(set) var staleSince: Date?
  /// Why a folder was not looked into, or not whole.
  private(set) var problem: SpoolError?
  /// Files that were renamed in before it began: whole, however young.
  let renamedIn: Set<FilePlace>

  /// More folders than an office has services are not looked into.
  private static let maxFolders = 256

  init(incoming: DirectoryHandle, work: DirectoryHandle, renamedIn: Set<FilePlace>) {
    self.incoming = incoming
    self.renamedIn = renamedIn
    waiting = [
      Folder(place: .incoming(folder: nil), directory: incoming), Folder(place: .work, directory: work),
    ]
  }

  /// The next file, with the folder it is in; nil at the end.
  ///
  /// A folder that can't be listed, or no further, is looked into again by the next scan; the others go on.
  mutating func next() -> (DirectoryListing.Entry, Folder)? {
    while let folder = current?.0 ?? waiting.popLast() {
      do throws(SpoolError) {
        let listing = if let current { current.1 } else { try DirectoryListing(folder.directory) }
        current = (folder, listing)
        guard let entry = try listing.next() else {
          current = nil
          continue
        }
        if isWanted(entry, in: folder) { return (entry, folder) }
      } catch {
        current = nil
        problem = error
      }
    }
    return nil
  }

  /// Whether this is to be looked at: not a folder that is looked into instead, nor one that is hidden.
  private mutating func isWanted(_ entry: DirectoryListing.Entry, in folder: Folder) -> Bool {
    guard entry.isDirectory else { return true }
    // Snapshots, trash and the like.
    if entry.name.first == UInt8(ascii: ".") { return false }
    // Whatever is put into a folder in any other would be seen by nobody, so that one is answered for like a bad file.
    guard folder.place == .incoming(folder: nil), let name = String(validating: entry.name, as: UTF8.self) else {
      return true
    }
    add(name)
    return false
  }

  /// - Parameter time: since when the file has not changed.
  mutating func foundStale(since time: Date) {
    staleFiles += 1
    staleSince = max(staleSince ?? time, time)
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
