/// The word that was probably meant: the nearest one within a third of the written one's length, at least one change away.
package func nearest(to written: String, among words: some Sequence<String>) -> String? {
  let allowed = max(1, written.count / 3)
  return words.map { (distance(written, $0), $0) }
    .filter { $0.0 <= allowed }
    .min { $0 < $1 }?.1
}

/// A sentence's end that names the nearest word, or nothing.
func didYouMean(_ written: String, among words: some Sequence<String>) -> String? {
  nearest(to: written, among: words).map { "did you mean `\($0)`?" }
}

/// How many letters must be added, left out, changed or swapped with their neighbour (optimal string alignment).
private func distance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left.lowercased()), Array(right.lowercased()))
  // Keys and ids are short; whatever is not resembles nothing.
  guard left.count <= 64, right.count <= 64 else { return .max }
  var rows = [Array(0...right.count)]
  for i in 0..<left.count {
    var row = [i + 1]
    for j in 0..<right.count {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[left.count][right.count]
}
