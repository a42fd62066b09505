"""python3 make.py: writes derivatives.csv and trajectory.csv beside itself."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "equations"))
import bergman_1979

bergman_1979.make(HERE)
