import Foundation

/// How large the programs are, without symbols.
struct Sizes {
  var bench: Bench

  func measure() throws {
    let folder = URL(fileURLWithPath: bench.daemon).deletingLastPathComponent().path
    let sizes = try ["callbackd", "callbackctl", "callback-mail"].map { name in
      let copy = "\(bench.directory)/\(name)"
      try Program(path: "/usr/bin/strip", arguments: ["-o", copy, "\(folder)/\(name)"]).time()
      defer { unlink(copy) }
      var status = stat()
      try done(stat(copy, &status), "look at \(copy)")
      return "\(name) \(Printout.megabytes(Int(status.st_size)))"
    }
    bench.findings.add(Finding(figure: "size of the stripped programs", measured: sizes.joined(separator: ", ")))
  }
}
