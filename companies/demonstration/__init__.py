"""Invented firms for trying the register: repeatable by seed, relative to the day of loading.

Every firm, incubator and partner in here is invented and marked so; nothing invented is attributed to a real
incubator or a real bank: hosts and partners are invented too and say （演示） in their names. Universities and the
sites of their circles are the exception: they are the city's fixed list, and an invented university would spoil
every count of it. A link to one always shows together with its firm, which is marked as invented.
"""
