import Testing

/// All tests that start programs, one after the other: a program that is being started briefly holds copies of all
/// descriptors, and a script that somebody still holds open for writing can't be run (ETXTBSY).
@Suite("Handing over", .serialized)
enum HandingOver {}
