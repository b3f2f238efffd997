/// The version of callbackd, of all its programs.
public enum Version {
  public static let current = "0.1.0"
}
