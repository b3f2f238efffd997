// swift-tools-version: 6.2
import PackageDescription

/// What every target of this package is built with. Dependencies are built as their authors say.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "callbackd",
  products: [
    .executable(name: "callbackd", targets: ["callbackd"]),
    .executable(name: "callbackctl", targets: ["callbackctl"]),
    .executable(name: "callback-mail", targets: ["callback-mail"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // Pure: values in, values out.
    .target(name: "CallbackRules", swiftSettings: strict),
    .target(name: "CallbackReports", dependencies: ["CallbackRules"], swiftSettings: strict),

    // The pipeline, in its order.
    .target(
      name: "CallbackConfiguration",
      dependencies: ["CallbackRules", .product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: strict),
    .systemLibrary(name: "CSync"),
    .target(
      name: "CallbackIntake", dependencies: ["CSync", "CallbackRules", "ChildProcesses"], swiftSettings: strict),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "CallbackStore",
      dependencies: [
        "CCrypto", "CSQLite", "CallbackIntake", "CallbackReports", "CallbackRules",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "CallbackDelivery",
      dependencies: [
        "CallbackConfiguration", "CallbackReports", "CallbackRules", "ChildProcesses",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      // A link to config/templates, so that what is compiled in is what offices are given to begin with.
      resources: [.embedInCode("Shipped")],
      swiftSettings: strict),
    .systemLibrary(name: "CEpoll"),
    .target(
      name: "CallbackControl", dependencies: ["CEpoll", "CallbackReports", "CallbackRules"], swiftSettings: strict),

    // What programs do that only add to the spool.
    .target(name: "CallbackDrop", swiftSettings: strict),

    // The system.
    .systemLibrary(
      name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .target(
      name: "Systemd",
      dependencies: ["CSystemd", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .target(name: "ChildProcesses", swiftSettings: strict),
    .systemLibrary(name: "CConfinement"),
    // What a start alone needed of memory. In C, because Swift does not see dl_iterate_phdr(3).
    .target(name: "CProgramPages"),
    // SHA-256 for the record.
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // What strangers' mails are parsed by. Nothing of the daemon may import it.
    .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
    .target(name: "CallbackMIME", dependencies: ["CGMime"], swiftSettings: strict),

    // Wiring and programs.
    .target(
      name: "CallbackDaemon",
      dependencies: [
        "CProgramPages", "CallbackConfiguration", "CallbackControl", "CallbackDelivery", "CallbackIntake",
        "CallbackReports", "CallbackRules", "CallbackStore", "ChildProcesses", "Systemd",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "callbackd",
      dependencies: [
        "CallbackConfiguration", "CallbackControl", "CallbackDaemon", "CallbackDelivery", "Systemd",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "callbackctl",
      dependencies: [
        "CallbackConfiguration", "CallbackControl", "CallbackDelivery", "CallbackDrop", "CallbackIntake",
        "CallbackReports", "CallbackRules", "CallbackStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // It reads what strangers send: no more is linked into it than that needs.
    .executableTarget(
      name: "callback-mail", dependencies: ["CConfinement", "CallbackDrop", "CallbackMIME"],
      swiftSettings: strict),

    .testTarget(
      name: "RulesTests", dependencies: ["CallbackRules"], exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(name: "ReportTests", dependencies: ["CallbackReports", "CallbackRules"], swiftSettings: strict),
    .testTarget(
      name: "ConfigurationTests", dependencies: ["CallbackConfiguration", "CallbackRules"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "IntakeTests", dependencies: ["CallbackIntake", "CallbackRules", "Fuzzing"], exclude: ["Golden"],
      resources: [.copy("Samples"), .copy("Corpus")], swiftSettings: strict),
    .testTarget(
      name: "MailTests", dependencies: ["CallbackIntake", "CallbackRules", "callback-mail", "callbackctl"],
      swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "CallbackIntake", "CallbackReports", "CallbackRules", "CallbackStore",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DeliveryTests",
      dependencies: [
        "CallbackConfiguration", "CallbackDelivery", "CallbackReports", "CallbackRules", "ChildProcesses",
      ],
      exclude: ["check-mails.py"], swiftSettings: strict),
    .testTarget(
      name: "ControlTests", dependencies: ["CallbackControl", "CallbackReports", "CallbackRules", "callbackctl"],
      exclude: ["Screens"],
      swiftSettings: strict),
    .testTarget(name: "SystemdTests", dependencies: ["Systemd"], swiftSettings: strict),
    .testTarget(
      name: "DaemonTests",
      dependencies: [
        "CProgramPages", "CallbackConfiguration", "CallbackControl", "CallbackDaemon", "CallbackReports",
        "CallbackRules", "CallbackStore", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "CallbackControl", "CallbackReports", "CallbackRules", "ChildProcesses", "callback-mail", "callbackctl",
        "callbackd",
      ],
      exclude: ["Clients"],
      swiftSettings: strict),

    // Offices that are simulated, by seeds: a library for its tests, and for `make simulate`.
    .target(
      name: "Simulation",
      dependencies: [
        "CallbackDaemon", "CallbackDelivery", "CallbackIntake", "CallbackReports", "CallbackRules", "CallbackStore",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/Simulation",
      swiftSettings: strict),
    .testTarget(name: "SimulationTests", dependencies: ["CallbackRules", "Simulation"], swiftSettings: strict),
    .executableTarget(
      name: "Simulate",
      dependencies: ["Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Tests/Simulate",
      swiftSettings: strict),

    // What fuzzers feed, and tests replay.
    .target(
      name: "Fuzzing", dependencies: ["CallbackIntake", "CallbackMIME", "CallbackRules"], path: "Tests/Fuzzing",
      swiftSettings: strict),

    // Programs of their own, for `make bench`: tests are not timed.
    .executableTarget(
      name: "BacklogLimit", path: "Tests/Benchmarks/Limit", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CallbackControl", "CallbackRules",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      path: "Tests/Benchmarks",
      exclude: ["Limit", "Peers"],
      swiftSettings: strict),
  ]
)

// libFuzzer brings the `main` of this program, so only `make fuzz` can link it.
if Context.environment["FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "Fuzz", dependencies: ["Fuzzing"], path: "Tests/Fuzz", swiftSettings: strict))
}
