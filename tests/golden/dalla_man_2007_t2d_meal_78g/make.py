"""python3 make.py: writes derivatives.csv and trajectory.csv beside itself."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "equations"))
import dalla_man_2007

dalla_man_2007.make(dalla_man_2007.T2D, HERE)
