import datetime, time, pytest
from companies.demonstration.loading import load
from companies.models import *
def test_try(committed_db):
    t=time.time()
    today=datetime.date(2026,11,22)
    print(load(today, tell=print), time.time()-t)
    ht=CertificationKind.objects.get(code="high_tech")
    print("seated", Company.objects.seated(today).count(), "ht", Company.objects.seated(today).certified(ht,today).count())
    for n in CompanyName.objects.all()[:40]: print(n.name_zh, n.name_en)
    print(sorted({s.district.name_zh for s in Seat.objects.exclude(district=None)}).__len__())
