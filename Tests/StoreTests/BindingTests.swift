import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("Values bound to a statement")
struct BindingTests {
  @Test("Empty texts and bytes are not NULL, and a NUL byte does not end a text")
  func empty() throws {
    try StoreScene().store.database.write { database in
      try database.run("CREATE TEMP TABLE kept (a, b, c, d)", [DatabaseValue]())
      try database.run("INSERT INTO kept VALUES (?, ?, ?, ?)", [.of(""), .of(Data()), .of("a\0b"), .of(nil as Int?)])
      let row = try #require(
        try Row.fetchOne(database, sql: "SELECT typeof(a), typeof(b), c, typeof(d) FROM kept"))
      #expect(row == ["typeof(a)": "text", "typeof(b)": "blob", "c": "a␀b", "typeof(d)": "null"])
    }
  }

  @Test("A statement takes values by either way in turn, also after it has failed")
  func inTurn() throws {
    try StoreScene().store.database.write { database in
      let sum = "SELECT ? + 1"
      #expect(try Int.fetchOne(database.cachedStatement(sql: sum), arguments: [1]) == 2)
      #expect(try Int.fetchOne(database.bound(sum, [.of(5)])) == 6)
      #expect(try Int.fetchOne(database.cachedStatement(sql: sum), arguments: [8]) == 9)
      try database.run("CREATE TEMP TABLE one (a UNIQUE)", [DatabaseValue]())
      let insert = "INSERT INTO one VALUES (?)"
      try database.run(insert, [.of("a")])
      #expect(throws: DatabaseError.self) { try database.run(insert, [.of("a")]) }
      try database.run(insert, [.of("b")])
      try database.cachedStatement(sql: insert).execute(arguments: ["c"])
      #expect(try String.fetchAll(database, sql: "SELECT a FROM one ORDER BY a") == ["a", "b", "c"])
    }
  }
}
