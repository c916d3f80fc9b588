import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def pytest_addoption(parser):
    parser.addoption("--outage-seconds", default="6", help="for how long Provost is stopped under the running application")
