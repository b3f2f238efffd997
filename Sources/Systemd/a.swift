import CSystemd
import Logging
