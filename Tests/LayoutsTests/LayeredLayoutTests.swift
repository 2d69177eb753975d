import Layouts
import Testing
