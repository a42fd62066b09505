"""What a user of libRoadRunner starts for the mixed meal: import, load the model text, simulate. No drawing.

Usage: fresh.py MODEL.ant
"""

import sys

import antimony
import roadrunner

antimony.loadAntimonyFile(sys.argv[1])
runner = roadrunner.RoadRunner(antimony.getSBMLString(antimony.getMainModuleName()))
runner["Q_sto1"] = 78000
result = runner.simulate(0, 420, 421)
assert len(result) == 421
