import cProfile, pstats, sys, time
sys.path.insert(0, "/work/main")
from tests.companies.test_imports import *
@rolled_back
def test_profile(sheet):
    rows, faults = list_with_faults(2000, seed=37)
    path = sheet(as_table(rows))
    p = cProfile.Profile(); t=time.time(); c=time.process_time()
    p.enable(); plan(path); p.disable()
    print(time.time()-t, time.process_time()-c); pstats.Stats(p).sort_stats("cumtime").print_stats(45)
for n in list(globals()):
    if n.startswith("test_") and n!="test_profile": del globals()[n]
